/** An artificial world to test the algorithm; results say nothing about real users. */
export interface Assumptions {
  readonly people: number;
  readonly days: number;
  readonly roundsADay: number;
  /** Users replaced by new ones per day. */
  readonly newcomersADay: number;
  /** Multiplies each user's rate of taking part in a round. */
  readonly activity: number;
  readonly activityRate: readonly [from: number, to: number];

  readonly harmful: number;
  readonly trolls: number;
  /** Range of harmful users' rates of harm per session. */
  readonly harmRate: readonly [from: number, to: number];
  readonly honestHarmRate: number;

  /** Probability of a report after harm: seen, and covered by the shield. */
  readonly harmReported: number;
  readonly coveredHarmReported: number;
  /** Reports without any harm. */
  readonly wrongReports: {
    readonly honest: number;
    readonly troll: number;
    readonly harmful: number;
  };
  /** Probability of a report after a false alarm of the shield. */
  readonly falseAlarmReported: number;

  readonly shieldSensitivity: number;
  readonly shieldFalseAlarms: number;
  /** Share of honest users whom the model misreads, and by which factor. */
  readonly misread: number;
  readonly misreadFactor: number;

  /** Share of calls that end at once, and the mean duration of the others. */
  readonly skippedCalls: number;
  readonly callMs: number;
  /** Range of durations of calls with harm, which victims leave early. */
  readonly harmedCallMs: readonly [from: number, to: number];
  /** Share of other calls in which both take part: two lines, or a picture that arrives. */
  readonly mutualCalls: number;
  /** Users per network, and networks per /20 or /48. */
  readonly peopleInNetwork: number;
  readonly networksInParent: number;
  /** Whether all trolls come from one network. */
  readonly trollsTogether: boolean;

  readonly bannedReturn: number;
  readonly returnsLinked: number;
  readonly newcomersWronglyLinked: number;

  readonly reviewsADay: number;
  readonly caseHasEvidence: number;
  /** One report of such a case has evidence, each other one with this probability. */
  readonly otherReportHasEvidence: number;
  /** Whether trolls attach evidence; other users do. */
  readonly trollsAttach: boolean;
  /** Probability of a ban: of a harmful and of an honest user. */
  readonly banWithEvidence: readonly [harmful: number, honest: number];
  /** The same without evidence, if two users reported. */
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
