// Counts what a backtracking engine does with a pattern: no clock, so the same on every machine.
import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** Instructions of a backtracking machine, as of Thompson's and Pike's (https://swtch.com/~rsc/regexp/regexp2.html). */
type Instruction =
  | { readonly op: 'one'; readonly matches: (char: string) => boolean }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'edge'; readonly holds: (text: readonly string[], at: number) => boolean }
  | { readonly op: 'look'; readonly program: Program; readonly behind: boolean; readonly negated: boolean }
  /** Ends a loop that matched nothing. */
  | { readonly op: 'mark'; readonly register: number }
  | { readonly op: 'progress'; readonly register: number }
  | { readonly op: 'match' };

type Program = Instruction[];

/** More repeats are counted as endless: a bound that long is none. */
const COUNTED = 2000;

/** Thrown when a pattern needs more steps than allowed. */
class TooManySteps extends Error {}

export interface Counter {
  /** Steps of finding every match in a text, as replaceAll does. Infinity where they exceed `most`. */
  steps(text: string, most: number): number;
  readonly ast: AST.Pattern;
}

/** A pattern made ready for counting. Throws for what the machine does not know: backreferences. */
export function counterOf(source: string, flags: string): Counter {
  const unicode = flags.includes('u') || flags.includes('v');
  const ast = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(source, 0, source.length, {
    unicode,
    unicodeSets: flags.includes('v'),
  });
  const program = compile(ast.alternatives, flags);
  return {
    ast,
    steps(text, most) {
      const machine = new Machine(unicode ? Array.from(text) : text.split(''), most);
      try {
        machine.findAll(program);
      } catch (error) {
        if (error instanceof TooManySteps) return Number.POSITIVE_INFINITY;
        throw error;
      }
      return machine.steps;
    },
  };
}

/** Whether one character fits a piece of a pattern that stands for one; asks the real engine, once a character. */
export function oneCharacter(raw: string, flags: string): (char: string) => boolean {
  const pattern = new RegExp(`^(?:${raw})$`, flags.replace(/[gymd]/g, ''));
  const known = new Map<string, boolean>();
  return (char) => {
    let fits = known.get(char);
    if (fits === undefined) {
      fits = pattern.test(char);
      known.set(char, fits);
    }
    return fits;
  };
}

const isWord = (char: string | undefined) => char !== undefined && /^\w$/.test(char);
const isLineEnd = (char: string | undefined) => char !== undefined && /^[\n\r\u2028\u2029]$/.test(char);

function compile(alternatives: readonly AST.Alternative[], flags: string): Program {
  const program: Program = [];
  let registers = 0;
  const choice = (all: readonly AST.Alternative[]) => {
    const jumps: { op: 'jump'; to: number }[] = [];
    for (const [n, alternative] of all.entries()) {
      const split = n < all.length - 1 ? emit({ op: 'split', first: program.length + 1, second: 0 }) : null;
      for (const element of alternative.elements) one(element);
      if (split !== null) {
        jumps.push(emit({ op: 'jump', to: 0 }));
        split.second = program.length;
      }
    }
    for (const jump of jumps) jump.to = program.length;
  };
  const emit = <T extends Instruction>(instruction: T): T => {
    program.push(instruction);
    return instruction;
  };
  const optional = (greedy: boolean, body: () => void) => {
    const split = emit({ op: 'split', first: 0, second: 0 });
    const inside = program.length;
    body();
    Object.assign(split, greedy ? { first: inside, second: program.length } : { first: program.length, second: inside });
  };
  const one = (element: AST.Element): void => {
    switch (element.type) {
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        emit({ op: 'one', matches: oneCharacter(element.raw, flags) });
        return;
      case 'Group':
      case 'CapturingGroup':
        choice(element.alternatives);
        return;
      case 'Assertion':
        if (element.kind === 'lookahead' || element.kind === 'lookbehind')
          emit({
            op: 'look',
            program: compile(element.alternatives, flags),
            behind: element.kind === 'lookbehind',
            negated: element.negate,
          });
        else emit({ op: 'edge', holds: edge(element, flags) });
        return;
      case 'Quantifier': {
        const { min, max, greedy } = element;
        for (let n = 0; n < min; n++) one(element.element);
        if (max <= COUNTED) {
          // x{0,3} is (x(x(x)?)?)?
          const nest = (left: number): void => {
            if (left > 0)
              optional(greedy, () => {
                one(element.element);
                nest(left - 1);
              });
          };
          nest(max - min);
          return;
        }
        const register = registers++;
        const start = program.length;
        optional(greedy, () => {
          emit({ op: 'mark', register });
          one(element.element);
          emit({ op: 'progress', register });
          emit({ op: 'jump', to: start });
        });
        return;
      }
      default:
        throw new Error(`A pattern with a ${element.type} cannot be shown to be linear.`);
    }
  };
  choice(alternatives);
  emit({ op: 'match' });
  return program;
}

function edge(
  assertion: AST.EdgeAssertion | AST.WordBoundaryAssertion,
  flags: string,
): (text: readonly string[], at: number) => boolean {
  const lines = flags.includes('m');
  switch (assertion.kind) {
    case 'start':
      return (text, at) => at === 0 || (lines && isLineEnd(text[at - 1]));
    case 'end':
      return (text, at) => at === text.length || (lines && isLineEnd(text[at]));
    case 'word':
      return (text, at) => (isWord(text[at - 1]) !== isWord(text[at])) !== assertion.negate;
  }
}

/** How far a lookbehind is tried to begin before its end. */
const LOOKED_BEHIND = 12;

class Machine {
  steps = 0;
  readonly #text: readonly string[];
  readonly #most: number;

  constructor(text: readonly string[], most: number) {
    this.#text = text;
    this.#most = most;
  }

  findAll(program: Program): void {
    for (let at = 0; at <= this.#text.length; ) {
      const end = this.#run(program, at, null);
      at = end === null || end === at ? at + 1 : end;
    }
  }

  /** Where the first match that begins at `start` ends (at `wanted`, if given); null if none does. */
  #run(program: Program, start: number, wanted: number | null): number | null {
    const text = this.#text;
    const marks: number[] = [];
    // What is left to try: an instruction and a place; or, with a negative instruction, a mark to be put back.
    const stack: number[] = [0, start];
    while (stack.length > 0) {
      let at = stack.pop()!;
      let next = stack.pop()!;
      if (next < 0) {
        marks[-next - 1] = at;
        continue;
      }
      for (;;) {
        if (++this.steps > this.#most) throw new TooManySteps();
        const instruction = program[next]!;
        if (instruction.op === 'one') {
          if (at >= text.length || !instruction.matches(text[at]!)) break;
          at++;
          next++;
        } else if (instruction.op === 'split') {
          stack.push(instruction.second, at);
          next = instruction.first;
        } else if (instruction.op === 'jump') next = instruction.to;
        else if (instruction.op === 'edge') {
          if (!instruction.holds(text, at)) break;
          next++;
        } else if (instruction.op === 'mark') {
          stack.push(-instruction.register - 1, marks[instruction.register] ?? -1);
          marks[instruction.register] = at;
          next++;
        } else if (instruction.op === 'progress') {
          if (marks[instruction.register] === at) break;
          next++;
        } else if (instruction.op === 'look') {
          if (this.#look(instruction, at) === instruction.negated) break;
          next++;
        } else {
          if (wanted !== null && at !== wanted) break;
          return at;
        }
      }
    }
    return null;
  }

  #look({ program, behind }: { program: Program; behind: boolean }, at: number): boolean {
    if (!behind) return this.#run(program, at, null) !== null;
    for (let back = 0; back <= LOOKED_BEHIND && back <= at; back++) if (this.#run(program, at - back, at) !== null) return true;
    return false;
  }
}
