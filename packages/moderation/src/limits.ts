/** Bounds of this package. Each is tested at the limit and one over; times are milliseconds. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Duration of an assignment; then the case returns to the queue. */
export const ASSIGNMENT_MS = 20 * MINUTE_MS;
export const UNDO_MS = 10 * SECOND_MS;
/** Maximum duration of an automatic hold. */
export const SUSPENSION_MS_MAX = DAY_MS;
/** Age at which a waiting proposal is pinned; its hold lasts as long again. */
export const PROPOSAL_PINNED_MS = SUSPENSION_MS_MAX / 2;
export const SUSPENSION_REPORTERS_MIN = 2;

/** Lifetime of a strike, left by a warning or sanction. */
export const STRIKE_MS = 180 * DAY_MS;
export const APPEAL_WINDOW_MS = 183 * DAY_MS;
/** UTF-16 units. */
export const APPEAL_TEXT_UNITS_MAX = 1_000;
/** Unanswered appeals per shared network or device sanction. */
export const SHARED_APPEALS_MAX = 20;
/** Retention of such an appeal, and time until the user may write again. */
export const SHARED_APPEAL_KEPT_MS = 183 * DAY_MS;
/** UTF-16 units. */
export const NOTE_UNITS_MAX = 2_000;
/** More subjects make a decision a bulk decision, which takes two members. */
export const BULK_SUBJECTS_MAX = 20;
/** Network prefixes with fewer bits take two members. */
export const PREFIX_BITS_MIN = { v4: 24, v6: 48 } as const;

/** Sessions until a user isn't new. */
export const NEW_SESSIONS = 10;
/** Unreported sessions required for good standing. */
export const GOOD_CLEAN_SESSIONS = 20;
export const TRUST_HALF_LIFE_MS = 30 * DAY_MS;

/** Counted calls that make a user proven: at least so many, each at least this long. */
export const PROVEN_CALLS_MIN = 3;
export const PROVEN_CALL_MS_MIN = 15 * SECOND_MS;
/** Other networks that they must come from, and their duration together. */
export const PROVEN_NETWORKS_MIN = 3;
export const PROVEN_TOGETHER_MS = 30 * MINUTE_MS;
/** Calls with one other network within this time count as one. */
export const PROVEN_SAME_NETWORK_MS = DAY_MS;
/** How long a user stays proven after the last counted call, and how long calls count. */
export const PROVEN_KEPT_MS = 90 * DAY_MS;
/** Once so many proven people of so many networks exist, one call must be with a proven person. */
export const FOUNDERS_MIN = 20;
export const FOUNDER_NETWORKS_MIN = 5;
/** Proven people read to find so many networks. */
export const FOUNDERS_READ_MAX = 500;
/** Counted calls and losses stored per user. */
export const STANDING_CALLS_MAX = 24;
export const STANDING_LOSSES_MAX = 16;

/** Window in which reports from one network form a burst. */
export const BURST_MS = HOUR_MS;

/** Retention of the text of undecided reports. */
export const TEXT_UNDECIDED_MS = 90 * DAY_MS;
/** After a dismissal. */
export const TEXT_DISMISSED_MS = 3 * DAY_MS;
/**
 * Minimum and maximum retention of the text behind a decision; in between until its sanction ends.
 * Covers `APPEAL_WINDOW_MS`, since an appeal's answer requires the text, and is extended while one
 * waits.
 */
export const TEXT_DECIDED_MS_MIN = 183 * DAY_MS;
export const TEXT_DECIDED_MS_MAX = 400 * DAY_MS;
/** Counted from the handover, else the decision. Then two members may destroy it. */
export const SEALED_KEPT_MS = 365 * DAY_MS;
/** Stands for no expiry. */
export const NO_END_MS = Number.MAX_SAFE_INTEGER;
/** Time to use an approved view. */
export const UNSEALED_MS = 8 * HOUR_MS;
/** Pictures of one reporter in a case: as many as one report has. */
export const REPORTER_PICTURES_MAX = 20;
/** Pictures per case, shared by its reporters: the full number for twenty of them. */
export const CASE_PICTURES_MAX = 20 * REPORTER_PICTURES_MAX;
/** Time after a report in which its pictures are accepted, including retries. */
export const PICTURES_AFTER_MS = 3 * MINUTE_MS;
export const SAMPLE_SHARE = 0.05;
/** Retention of sampled reports' texts; not of their pictures. */
export const SAMPLE_KEPT_MS = 14 * DAY_MS;
/** Decisions of that period, oldest first, searched for waiting samples. */
export const SAMPLE_CANDIDATES_MAX = 5_000;
export const SAMPLES_SHOWN_MAX = 20;
export const CASE_KEPT_MS = 730 * DAY_MS;
export const PERSON_KEPT_MS = 90 * DAY_MS;
export const PAIR_KEPT_MS = 30 * DAY_MS;
export const ANCHOR_KEPT_MS = 90 * DAY_MS;
/** Users of one network within this time may be one group. */
export const SAME_NETWORK_MS = DAY_MS;
export const APPROVAL_KEPT_MS = 90 * DAY_MS;
/** A new user from a network that a suspended user used within this time may be the same person. */
export const LINKED_MS = 3 * DAY_MS;
/** Networks with more other users in that time prove nothing. */
export const LINKED_OTHERS_MAX = 8;
/** Newest pairs of an hour searched for a subject's meetings. */
export const PAIRS_READ_MAX = 20_000;
/** Maximum duration of a network ban, since addresses are reassigned. */
export const NETWORK_SANCTION_MS_MAX = 30 * DAY_MS;
/** Networks of one user examined by an erasure or export. */
export const SUBJECT_ANCHORS_MAX = 10_000;
/** Networks shown with a case, the latest of its subject. */
export const NETWORKS_SHOWN_MAX = 3;
/** Users of a network checked individually; networks with more can't be banned. */
export const NETWORK_PEOPLE_MAX = 200;
/** Rows of each kind per housekeeping turn, so that no report waits long. */
export const HOUSEKEEPING_BATCH_MAX = 200;
export const QUEUE_SHOWN_MAX = 200;
/** Cases ordered for the queue: pinned, then oldest. */
export const QUEUE_ORDERED_MAX = 2_000;
/** Appeals or approvals read per page, until enough are visible to a member. */
export const WAITING_READ_AT_ONCE = 20;
/** The same for counting. */
export const COUNTED_AT_ONCE = 2_000;
/** Repeated views of a case within this time count as one. */
export const READ_AGAIN_MS = 20 * MINUTE_MS;
/** Device keys of the subject that a decision covers. */
export const CASE_DEVICES_MAX = 20;
export const LINKED_SHOWN_MAX = 20;
export const CASE_STEPS_SHOWN_MAX = 200;
/** Period of the daily figures. */
export const NUMBERS_MS = DAY_MS;
export const NUMBERS_DECISIONS_MAX = 500;
/** Period of the appeal figures; a day has too few. */
export const NUMBERS_APPEALS_MS = 30 * DAY_MS;
export const NUMBERS_APPEALS_MAX = 1_000;
/** Fewer decisions or answered appeals aren't published, since they would reveal single cases. */
export const PUBLIC_NUMBERS_MIN = 20;
/** Rounding step of published percentages. */
export const PUBLIC_PERCENT_STEP = 5;
/** Rows of a period read per page, so that no report waits long. */
export const TRANSPARENCY_PAGE_MAX = 500;
/** Period in which a member's reads are counted. */
export const SHIFT_MS = 8 * HOUR_MS;
/** Reads per shift; urgent items are exempt. */
export const SHIFT_READS_MAX = 100;
/** Additional pictures, and as many reads, per senior's approval in a shift. */
export const REVEALS_MORE = 20;
export const TALLY_KEPT_MS = 30 * DAY_MS;
/** Reports weighed together as one burst. */
export const BURST_REPORTS_MAX = 200;
export const OWN_DECISIONS_MAX = 20;
export const AUDIT_PAGE_MAX = 500;
/** UTF-16 units. */
export const SETTING_VALUE_UNITS_MAX = 10_000;
/** UTF-16 units per language. */
export const HOUSE_RULES_UNITS_MAX = 2_000;
/** Newest reports of a case that a decision examines. */
export const CASE_REPORTS_MAX = 10_000;
/** Sanctions, and holds, in a node's memory. */
export const RESTRICTIONS_MAX = 1_000_000;
/** Recent actions whose subjects are reported to a node. */
export const CONCERNED_ROWS_MAX = 20;
