/** Assumptions about a simulated world. Results say nothing about real users. */
export interface Assumptions {
  readonly people: number;
  readonly days: number;
  readonly roundsADay: number;
  /** Number of users per day who leave and are replaced by new ones. */
  readonly newcomersADay: number;
  /** Factor in each user's probability of taking part in a round. */
  readonly activity: number;
  readonly activityRate: readonly [from: number, to: number];

  readonly harmful: number;
  readonly trolls: number;
  /** Range of the rates of harm per session among harmful users. */
  readonly harmRate: readonly [from: number, to: number];
  readonly honestHarmRate: number;

  /** Probability that a victim reports harm that was seen, and harm that the shield covered. */
  readonly harmReported: number;
  readonly coveredHarmReported: number;
  /** Probabilities that a user reports a user who did no harm. */
  readonly wrongReports: {
    readonly honest: number;
    readonly troll: number;
    readonly harmful: number;
  };
  /** Probability that a user reports after a false alarm of the shield. */
  readonly falseAlarmReported: number;

  readonly shieldSensitivity: number;
  readonly shieldFalseAlarms: number;
  /**
   * Share of honest users whom the shield often misreads, and the factor by which their false
   * alarms are more frequent.
   */
  readonly misread: number;
  readonly misreadFactor: number;

  /** Share of calls that a user skips at once, and the mean duration of the other calls. */
  readonly skippedCalls: number;
  readonly callMs: number;
  /** Range of durations of calls with harm. These calls are short, because victims leave early. */
  readonly harmedCallMs: readonly [from: number, to: number];
  /** Share of calls without harm in which both users send a chat line or a picture arrives. */
  readonly mutualCalls: number;
  /** Number of users per network, and number of networks per /20 or /48. */
  readonly peopleInNetwork: number;
  readonly networksInParent: number;
  /** Whether all trolls use one network. */
  readonly trollsTogether: boolean;

  readonly bannedReturn: number;
  readonly returnsLinked: number;
  readonly newcomersWronglyLinked: number;

  readonly reviewsADay: number;
  readonly caseHasEvidence: number;
  /** Probability that a report has evidence if another report of its case has it. */
  readonly otherReportHasEvidence: number;
  /** Whether trolls attach evidence to reports. Other users always do. */
  readonly trollsAttach: boolean;
  /** Probability that a review with evidence ends in a ban, of a harmful and of an honest user. */
  readonly banWithEvidence: readonly [harmful: number, honest: number];
  /**
   * Probability that a review without evidence ends in a ban if two users reported, for a
   * harmful user and then for an honest one.
   */
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
  skippedCalls: 0.35,
  callMs: 240_000,
  harmedCallMs: [5_000, 60_000],
  mutualCalls: 0.9,
  peopleInNetwork: 2,
  networksInParent: 16,
  trollsTogether: false,
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
