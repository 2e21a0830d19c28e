/** One field of a machine-readable part. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** Groups beyond this are no report about mail of ours. */
const MAX_GROUPS = 2000;
/** Characters of one value; a remote answer is a few lines. */
const MAX_VALUE = 4096;

/**
 * Fields of a text in groups that blank lines part (RFC 3464 §2.1), folded lines joined. Lines that are neither a field nor folded are
 * passed over: reports in the wild hold remarks between their fields.
 */
export function readFieldGroups(text: string): Field[][] {
  const groups: Field[][] = [];
  let group: Field[] = [];
  let name: string | null = null;
  let value = '';
  const append = (line: string) => {
    if (value.length < MAX_VALUE) value = `${value} ${line.trim()}`.slice(0, MAX_VALUE);
  };
  const endField = () => {
    if (name !== null) group.push({ name, value: value.trim() });
    name = null;
  };
  const endGroup = () => {
    endField();
    if (group.length > 0) groups.push(group);
    group = [];
  };
  for (const line of text.split('\n')) {
    if (groups.length >= MAX_GROUPS) break;
    if (line.trim() === '') endGroup();
    else if ((line[0] === ' ' || line[0] === '\t') && name !== null) append(line);
    else {
      const field = /^\s{0,8}([A-Za-z][A-Za-z0-9-]{0,60})\s{0,4}:(.*)$/s.exec(line);
      if (field === null) {
        // A broken fold: the words went on at the beginning of the line.
        if (name !== null && value !== '') append(line);
        continue;
      }
      endField();
      name = field[1]!.toLowerCase();
      value = field[2]!.slice(0, MAX_VALUE);
    }
  }
  endGroup();
  return groups;
}

export function fieldOf(group: readonly Field[], name: string): string | null {
  return group.find((field) => field.name === name)?.value ?? null;
}
