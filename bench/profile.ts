import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a process spent its CPU time: shares, largest first. */
export interface Profile {
  /** By package or folder; what Node itself does counts for the code that asked for it. */
  owners: { where: string; share: number }[];
  /** By file of our own; what libraries, patterns and Node do counts for the file that asked for it. */
  files: { where: string; share: number }[];
  /** By function, with the owner it worked for. */
  functions: { where: string; share: number }[];
}

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string };
  children?: number[];
}

export interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

/** Sums up the profiles that node --cpu-prof has written into a folder; idle time does not count. */
export function readProfiles(folder: string): Profile {
  return sumUp(
    readdirSync(folder)
      .filter((file) => file.endsWith('.cpuprofile'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile),
  );
}

/** Sums up profiles; idle time does not count. */
export function sumUp(profiles: readonly CpuProfile[]): Profile {
  const owners = new Map<string, number>();
  const files = new Map<string, number>();
  const functions = new Map<string, number>();
  const add = (sums: Map<string, number>, key: string, time: number) => sums.set(key, (sums.get(key) ?? 0) + time);
  for (const { nodes, samples, timeDeltas } of profiles) {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const owner = ownersOf(nodes, placeOf);
    const file = ownersOf(nodes, fileOf);
    for (const [n, id] of samples.entries()) {
      const { functionName } = byId.get(id)!.callFrame;
      if (functionName === '(idle)') continue;
      const time = timeDeltas[n] ?? 0;
      add(owners, owner.get(id)!, time);
      add(files, file.get(id)!, time);
      add(functions, `${functionName || '(anonymous)'} for ${owner.get(id)}`, time);
    }
  }
  return { owners: shares(owners), files: shares(files), functions: shares(functions) };
}

function shares(sums: Map<string, number>): { where: string; share: number }[] {
  const total = [...sums.values()].reduce((sum, time) => sum + time, 0);
  return [...sums].map(([where, time]) => ({ where, share: time / total })).sort((a, b) => b.share - a.share);
}

/** The owner of each node: its own place, or that of the nearest caller that has one. */
function ownersOf(nodes: readonly ProfileNode[], placeOf: (node: ProfileNode) => string | null): Map<number, string> {
  const owners = new Map<number, string>();
  const parent = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const find = (id: number): string => {
    const known = owners.get(id);
    if (known !== undefined) return known;
    const above = parent.get(id);
    const owner = placeOf(byId.get(id)!) ?? (above === undefined ? 'node itself' : find(above));
    owners.set(id, owner);
    return owner;
  };
  for (const { id } of nodes) find(id);
  return owners;
}

function placeOf({ callFrame: { functionName, url } }: ProfileNode): string | null {
  if (functionName === '(garbage collector)') return 'collector';
  const name = /.*node_modules\/(?!\.cache)((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (name) return name;
  const own = /\/(?:src|workers)\/(\w+)[./]/.exec(url)?.[1];
  return own ? `rebound ${own}` : null;
}

function fileOf({ callFrame: { functionName, url } }: ProfileNode): string | null {
  if (functionName === '(garbage collector)') return 'collector';
  return /\/((?:src|workers|bench)\/[\w/.-]+?)\.[jt]s$/.exec(url)?.[1] ?? null;
}
