import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a process spent its CPU time: share by package or folder, largest first. */
export type Profile = { where: string; share: number }[];

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Sums up the profiles that node --cpu-prof has written into a folder; idle time does not count. */
export function readProfiles(folder: string): Profile {
  const times = new Map<string, number>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile;
    const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
    for (const [n, id] of samples.entries()) {
      const place = places.get(id)!;
      if (place !== null) times.set(place, (times.get(place) ?? 0) + (timeDeltas[n] ?? 0));
    }
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([where, time]) => ({ where, share: time / total })).sort((a, b) => b.share - a.share);
}

function placeOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string | null {
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'collector';
  if (functionName === '(program)') return 'native code';
  const name = /.*node_modules\/(?!\.cache)((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (name) return name;
  const own = /\/(?:src|workers)\/([^/]+)\//.exec(url)?.[1];
  if (own) return `rebound ${own}`;
  return url.startsWith('node:') ? 'node itself' : url === '' ? 'built-ins' : 'rebound, the rest';
}
