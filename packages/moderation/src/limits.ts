/** Limits of this package, each tested at the limit and one over. Times are in milliseconds. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a case stays assigned before it returns to the queue. */
export const ASSIGNMENT_MS = 20 * MINUTE_MS;
export const UNDO_MS = 10 * SECOND_MS;
/** Maximum duration of an automatic suspension. */
export const SUSPENSION_MS_MAX = DAY_MS;
/** Age at which a proposal pins its case. The proposal's suspension then lasts as long again. */
export const PROPOSAL_PINNED_MS = SUSPENSION_MS_MAX / 2;

/** Minimum duration of a call whose report counts for restriction and suspension by software. */
export const WEIGHED_CALL_MS_MIN = 15 * SECOND_MS;
/** Different networks and proven reporters that software needs to restrict, and to suspend. */
export const RESTRICT_NETWORKS_MIN = 2;
export const RESTRICT_PROVEN_MIN = 1;
export const HOLD_NETWORKS_MIN = 3;
export const HOLD_PROVEN_MIN = 2;
/** When a user is told of a restriction by software: at once would name the reporter. */
export const NOTICE_DELAY_MS_MIN = 30 * MINUTE_MS;
export const NOTICE_DELAY_MS_MAX = 90 * MINUTE_MS;
/** The told end is rounded up to this. */
export const NOTICE_END_STEP_MS = 60 * MINUTE_MS;
/** Without a proven reporter: so many distant networks within `CROWD_MS` restrict for as long. */
export const CROWD_NETWORKS_MIN = 8;
export const CROWD_MS = DAY_MS;
/** With users of fewer networks in `NETWORKS_SEEN_MS`, software neither restricts nor suspends. */
export const SERVER_NETWORKS_MIN = 5;
export const NETWORKS_SEEN_MS = DAY_MS;
/** Maximum number of rows read from each end of that period to count networks. */
export const NETWORKS_SEEN_READ_MAX = 1_000;
/** A report by an unproven reporter is queued if its subject has fewer clean sessions than this. */
export const UNPROVEN_READ_CLEAN_MAX = 20;
/** One in `UNPROVEN_EVERY` cases shown has unproven reporters only, while such a case waits. */
export const UNPROVEN_EVERY = 3;

/** How long a strike counts. A warning or a sanction leaves one strike. */
export const STRIKE_MS = 180 * DAY_MS;
export const APPEAL_WINDOW_MS = 183 * DAY_MS;
/** Maximum length of an appeal's text, in UTF-16 code units. */
export const APPEAL_TEXT_UNITS_MAX = 1_000;
/** Maximum number of unanswered appeals per shared network or device sanction. */
export const SHARED_APPEALS_MAX = 20;
/** Retention of an answered shared appeal. Its author may appeal again afterwards. */
export const SHARED_APPEAL_KEPT_MS = 183 * DAY_MS;
/** Maximum length of a note, in UTF-16 code units. */
export const NOTE_UNITS_MAX = 2_000;
/** A decision about more subjects is a bulk decision, which needs two members. */
export const BULK_SUBJECTS_MAX = 20;
/** A ban of a network prefix with fewer bits needs two members. */
export const PREFIX_BITS_MIN = { v4: 24, v6: 48 } as const;

/** Sessions after which a user no longer counts as new. */
export const NEW_SESSIONS = 10;
/** Unreported sessions that good standing requires. */
export const GOOD_CLEAN_SESSIONS = 20;
export const TRUST_HALF_LIFE_MS = 30 * DAY_MS;

/** Counted calls that make a user proven, and the minimum duration of each of these calls. */
export const PROVEN_CALLS_MIN = 3;
export const PROVEN_CALL_MS_MIN = 15 * SECOND_MS;
/** Minimum number of other networks in the counted calls, and their minimum total duration. */
export const PROVEN_NETWORKS_MIN = 3;
export const PROVEN_TOGETHER_MS = 30 * MINUTE_MS;
/** Calls with users of one other network within this time count as one call. */
export const PROVEN_SAME_NETWORK_MS = DAY_MS;
/** How long a user stays proven after the last counted call. Calls count equally long. */
export const PROVEN_KEPT_MS = 90 * DAY_MS;
/** From these numbers of proven users and networks on, one call must be with a proven user. */
export const FOUNDERS_MIN = 20;
export const FOUNDER_NETWORKS_MIN = 5;
/** Maximum number of proven people read to count their networks. */
export const FOUNDERS_READ_MAX = 500;
/** Maximum numbers of counted calls and of losses stored per user. */
export const STANDING_CALLS_MAX = 24;
export const STANDING_LOSSES_MAX = 16;
/** Of the reports from one network within this time only the strongest counts. */
export const NETWORK_REPORTS_MS = DAY_MS;

/** Retention of the text of reports without a decision. */
export const TEXT_UNDECIDED_MS = 90 * DAY_MS;
/** Retention of the text of dismissed reports. */
export const TEXT_DISMISSED_MS = 3 * DAY_MS;
/**
 * Minimum and maximum retention of the text behind a decision. Between both, the text expires when
 * the decision's sanction ends. Longer than `APPEAL_WINDOW_MS`, because answering an appeal
 * requires the text. A waiting appeal extends the retention.
 */
export const TEXT_DECIDED_MS_MIN = 183 * DAY_MS;
export const TEXT_DECIDED_MS_MAX = 400 * DAY_MS;
/**
 * Retention of sealed evidence, from the handover or, without one, from the decision. Afterwards
 * two members may destroy the evidence.
 */
export const SEALED_KEPT_MS = 365 * DAY_MS;
/** The expiry time of items that never expire. */
export const NO_END_MS = Number.MAX_SAFE_INTEGER;
/** How long an approved view of a sealed picture can be used. */
export const UNSEALED_MS = 8 * HOUR_MS;
/** Maximum number of one reporter's pictures per case, which is the maximum of one report. */
export const REPORTER_PICTURES_MAX = 20;
/** Maximum number of pictures per case, enough for twenty reporters with the maximum each. */
export const CASE_PICTURES_MAX = 20 * REPORTER_PICTURES_MAX;
/** How long after a report its pictures are accepted, including retries. */
export const PICTURES_AFTER_MS = 3 * MINUTE_MS;
export const SAMPLE_SHARE = 0.05;
/** Retention of the texts of sampled reports. Their pictures aren't kept longer. */
export const SAMPLE_KEPT_MS = 14 * DAY_MS;
/** Maximum number of decisions, oldest first, searched for waiting samples. */
export const SAMPLE_CANDIDATES_MAX = 5_000;
export const SAMPLES_SHOWN_MAX = 20;
export const CASE_KEPT_MS = 730 * DAY_MS;
export const PERSON_KEPT_MS = 90 * DAY_MS;
export const PAIR_KEPT_MS = 30 * DAY_MS;
export const ANCHOR_KEPT_MS = 90 * DAY_MS;
export const APPROVAL_KEPT_MS = 90 * DAY_MS;
/** A new user may be a suspended user if both used the same network within this time. */
export const LINKED_MS = 3 * DAY_MS;
/**
 * Maximum number of other users on a network that can link a new user to a suspended one. On a
 * network with more users, a new user isn't linked.
 */
export const LINKED_OTHERS_MAX = 8;
/** Maximum number of meetings of an hour, newest first, searched for a subject's meetings. */
export const PAIRS_READ_MAX = 20_000;
/** Maximum duration of a network ban. Providers later assign an address to someone else. */
export const NETWORK_SANCTION_MS_MAX = 30 * DAY_MS;
/** Maximum number of a user's networks read by an erasure or export. */
export const SUBJECT_ANCHORS_MAX = 10_000;
/** Number of networks shown with a case: the latest ones of its subject. */
export const NETWORKS_SHOWN_MAX = 3;
/** Users of a network checked individually. A network with more users can't be banned. */
export const NETWORK_PEOPLE_MAX = 1_000;
/** Maximum number of a network's newest users examined to link a new user. */
export const LINKED_READ_MAX = 200;
/** Rows of each kind per housekeeping run, so that reports don't wait long behind it. */
export const HOUSEKEEPING_BATCH_MAX = 200;
export const QUEUE_SHOWN_MAX = 200;
/** Maximum number of cases ordered for the queue: pinned cases first, then the oldest. */
export const QUEUE_ORDERED_MAX = 2_000;
/** Appeals or approvals read per page. Pages are read until the member has enough visible items. */
export const WAITING_READ_AT_ONCE = 20;
/** Appeals or approvals read per page when only their number is needed. */
export const COUNTED_AT_ONCE = 2_000;
/** A member's repeated views of a case within this time count as one. */
export const READ_AGAIN_MS = 20 * MINUTE_MS;
/** Maximum number of the subject's device keys that a decision covers. */
export const CASE_DEVICES_MAX = 20;
export const LINKED_SHOWN_MAX = 20;
export const CASE_STEPS_SHOWN_MAX = 200;
/** Period that the statistics of the console cover. */
export const NUMBERS_MS = DAY_MS;
export const NUMBERS_DECISIONS_MAX = 500;
/** Period of the appeal statistics, longer because one day has too few appeals. */
export const NUMBERS_APPEALS_MS = 30 * DAY_MS;
export const NUMBERS_APPEALS_MAX = 1_000;
/** Fewer decisions or answered appeals aren't published, because they could reveal one case. */
export const PUBLIC_NUMBERS_MIN = 20;
/** Published percentages are rounded to multiples of this number. */
export const PUBLIC_PERCENT_STEP = 5;
/** Rows of a period read per page, so that reports don't wait long behind the query. */
export const TRANSPARENCY_PAGE_MAX = 500;
/** Period for which a member's reads are counted. */
export const SHIFT_MS = 8 * HOUR_MS;
/** Maximum number of reads per shift. Urgent items are exempt. */
export const SHIFT_READS_MAX = 100;
/** Additional picture views, and additional reads, that one approval by a senior allows. */
export const REVEALS_MORE = 20;
export const TALLY_KEPT_MS = 30 * DAY_MS;
/** Number of a subject's newest reports that are weighed together. */
export const WEIGHED_REPORTS_MAX = 200;
export const OWN_DECISIONS_MAX = 20;
export const AUDIT_PAGE_MAX = 500;
/** Maximum length of a setting's value, in UTF-16 code units. */
export const SETTING_VALUE_UNITS_MAX = 10_000;
/** Maximum length of the house rules of one language, in UTF-16 code units. */
export const HOUSE_RULES_UNITS_MAX = 2_000;
/** Maximum number of a case's newest reports that a decision examines. */
export const CASE_REPORTS_MAX = 10_000;
/** Maximum number of sanctions, and also of suspensions, in a node's memory. */
export const RESTRICTIONS_MAX = 1_000_000;
/** Number of recent audit rows read per query to find users whose restrictions changed. */
export const CONCERNED_ROWS_MAX = 20;
