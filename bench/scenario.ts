/** What a scenario is run with. */
export interface ScenarioOptions {
  /** A folder for its files, on the disk that is measured. */
  readonly folder: string;
  /** How many executions, each scenario says of what kind; its own default when nothing was said. */
  readonly executions: number | undefined;
  /** How many events, where one execution is looked at. */
  readonly events?: number | undefined;
}

/** What a scenario came to: lines to read, and the same as figures. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Puts the server in a situation and measures how it fares. */
export type Scenario = (options: ScenarioOptions) => Promise<Outcome>;
