/**
 * A made-up world in which policies are compared. It tests the algorithm, not the world: none of
 * its results says anything of people, so everything in it can be set otherwise.
 */
export interface Assumptions {
  readonly people: number;
  readonly days: number;
  readonly roundsADay: number;
  /** People who leave and are followed by new ones, a day. */
  readonly newcomersADay: number;
  /** Whoever is active takes part in a round with this times a rate of their own. */
  readonly activity: number;
  readonly activityRate: readonly [from: number, to: number];

  readonly harmful: number;
  readonly trolls: number;
  /** How often a harmful person harms, a session, each at a rate of their own. */
  readonly harmRate: readonly [from: number, to: number];
  readonly honestHarmRate: number;

  /** How often harm is reported: seen, and covered by the shield. */
  readonly harmReported: number;
  readonly coveredHarmReported: number;
  /** Reports of sessions in which nothing happened. */
  readonly wrongReports: {
    readonly honest: number;
    readonly troll: number;
    readonly harmful: number;
  };
  /** The same of a session in which the shield covered somebody by mistake. */
  readonly falseAlarmReported: number;

  readonly shieldSensitivity: number;
  readonly shieldFalseAlarms: number;
  /** Part of the honest whom the model misreads, and how much more often. */
  readonly misread: number;
  readonly misreadFactor: number;

  readonly bannedReturn: number;
  readonly returnsLinked: number;
  readonly newcomersWronglyLinked: number;

  readonly reviewsADay: number;
  readonly caseHasEvidence: number;
  /** In such a case one report has something to look at, and each other one so often. */
  readonly otherReportHasEvidence: number;
  /** Whether the reports of trolls ever have; those of everybody else do. */
  readonly trollsAttach: boolean;
  /** How often a case ends in a ban: of somebody harmful, and of somebody honest. */
  readonly banWithEvidence: readonly [harmful: number, honest: number];
  /** The same without evidence, and only where two people reported. */
  readonly banWithoutEvidence: readonly [harmful: number, honest: number];
}

export const WORLD: Assumptions = {
  people: 6_000,
  days: 30,
  roundsADay: 12,
  newcomersADay: 0.02,
  activity: 0.3,
  activityRate: [0.35, 0.75],
  harmful: 0.03,
  trolls: 0.01,
  harmRate: [0.15, 0.85],
  honestHarmRate: 0.0005,
  harmReported: 0.25,
  coveredHarmReported: 0.1,
  wrongReports: { honest: 0.003, troll: 0.25, harmful: 0.01 },
  falseAlarmReported: 0.01,
  shieldSensitivity: 0.85,
  shieldFalseAlarms: 0.01,
  misread: 0.03,
  misreadFactor: 10,
  bannedReturn: 0.7,
  returnsLinked: 0.6,
  newcomersWronglyLinked: 0.03,
  reviewsADay: 60,
  caseHasEvidence: 0.6,
  otherReportHasEvidence: 0.6,
  trollsAttach: true,
  banWithEvidence: [0.95, 0.002],
  banWithoutEvidence: [0.6, 0.01],
};
