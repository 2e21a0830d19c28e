/** A sub-command of the bench. */
export interface BenchCommand {
  /** One line for the help. */
  summary: string;
  /** Its options, a line each. */
  usage: string;
  /** Measures, tells people through `say`, and gives back what --json prints. Throws when a count is wrong. */
  run(args: string[], say: (line: string) => void): Promise<unknown>;
}
