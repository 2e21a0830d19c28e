import type { BounceClass, Category, Fault, Kind } from '../bounce/vocabulary.ts';
import { decide } from '../suppression/decide.ts';
import { type PresetName, presets } from '../suppression/presets.ts';
import type { Effect, Rule } from '../suppression/rules.ts';

/** What a preset does to a recipient at the first report. */
export interface PresetOutcome {
  readonly preset: PresetName;
  /** `count`: nothing yet; see `after`. `ignore`: never. */
  readonly effect: Effect;
  /** The rule that decides, `none` where none matches. */
  readonly rule: string;
  readonly why: string;
  /** Where it counts: bounces on so many days, the first and the last at least so many days apart, and then the effect sets in. */
  readonly after: { readonly bounces: number; readonly overDays: number } | null;
}

/** What a rule looks at, as far as a code or an answer tells it. */
export interface Judged {
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  readonly status: string | null;
  readonly reply: string | null;
  readonly provider?: string;
  /** Of the report; without one it follows from the class. */
  readonly kind?: Kind;
}

/** What each preset would do to a recipient of whom this is the first report. */
export function presetOutcomes(judged: Judged): PresetOutcome[] {
  return (Object.keys(presets) as PresetName[]).map((preset) => {
    const rules: readonly Rule[] = presets[preset];
    const { effect, rule, reason } = decide({
      current: null,
      history: [],
      event: {
        ...judged,
        kind: judged.kind ?? (judged.class === 'none' ? 'delivered' : 'bounce'),
        provider: judged.provider ?? 'other',
        time: new Date(0),
        trust: 'unverified',
        recipientDomain: '',
      },
      rules,
    });
    const decided = rules.find((candidate) => candidate.name === rule);
    return { preset, effect, rule, why: decided?.why ?? reason, after: effect === 'count' ? (decided?.after ?? null) : null };
  });
}

/** An outcome in a few words. */
export function outcomeWords({ effect, after }: PresetOutcome): string {
  if (after) return `count: flag after bounces on ${after.bounces} days over at least ${after.overDays}, no delivery between`;
  return { flag: 'flag at once', hold: 'hold: a person decides first', count: 'count', ignore: 'never' }[effect];
}
