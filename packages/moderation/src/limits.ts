/** Limits of this package, each tested at the limit and one above it. Times are in milliseconds. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a case stays assigned to a member before it returns to the queue. */
export const ASSIGNMENT_MS = 20 * MINUTE_MS;
export const UNDO_MS = 10 * SECOND_MS;
/** Maximum duration of an automatic suspension. */
export const SUSPENSION_MS_MAX = DAY_MS;
/**
 * A proposal of this age pins its case to the top of the queue. The suspension that came with it
 * then lasts for the same time again.
 */
export const PROPOSAL_PINNED_MS = SUSPENSION_MS_MAX / 2;

/** Minimum duration of a call whose report counts for restrictions and suspensions by software. */
export const WEIGHED_CALL_MS_MIN = 15 * SECOND_MS;
/**
 * Minimum numbers of different networks and of proven reporters for software to restrict a user
 * (`RESTRICT_…`) or suspend one (`HOLD_…`).
 */
export const RESTRICT_NETWORKS_MIN = 2;
export const RESTRICT_PROVEN_MIN = 1;
export const HOLD_NETWORKS_MIN = 3;
export const HOLD_PROVEN_MIN = 2;
/**
 * Range of the random delay after which a user is notified of a restriction by software, because
 * an immediate notification would reveal the reporter.
 */
export const NOTICE_DELAY_MS_MIN = 30 * MINUTE_MS;
export const NOTICE_DELAY_MS_MAX = 90 * MINUTE_MS;
/**
 * Language exchange closes for a user for `CLOSURE_MS` once this many proven reporters, each of
 * another network, said within `CLOSURE_REPORTS_MS` that the user isn't there to learn.
 */
export const CLOSURE_PROVEN_MIN = 2;
export const CLOSURE_REPORTS_MS = 14 * DAY_MS;
export const CLOSURE_MS = 7 * DAY_MS;
/** The end of a restriction is rounded up to a multiple of this in the user's notification. */
export const NOTICE_END_STEP_MS = 60 * MINUTE_MS;
/**
 * Without a proven reporter, reports from this many distant networks within `CROWD_MS` restrict
 * a user. The restriction lasts `CROWD_MS` too.
 */
export const CROWD_NETWORKS_MIN = 8;
export const CROWD_MS = DAY_MS;
/**
 * Software restricts and suspends nobody while the server saw users of fewer networks than this
 * within `NETWORKS_SEEN_MS`.
 */
export const SERVER_NETWORKS_MIN = 5;
export const NETWORKS_SEEN_MS = DAY_MS;
/** Maximum number of visits read from each end of `NETWORKS_SEEN_MS` to count networks. */
export const NETWORKS_SEEN_READ_MAX = 1_000;
/** A report by an unproven reporter is queued if its subject has fewer clean sessions than this. */
export const UNPROVEN_READ_CLEAN_MAX = 20;
/** One in `UNPROVEN_EVERY` cases shown has only unproven reporters, while such a case waits. */
export const UNPROVEN_EVERY = 3;

/** How long a strike counts against a user. A warning or a sanction adds one strike. */
export const STRIKE_MS = 180 * DAY_MS;
export const APPEAL_WINDOW_MS = 183 * DAY_MS;
/** Maximum length of an appeal's text in UTF-16 code units. */
export const APPEAL_TEXT_UNITS_MAX = 1_000;
/** Maximum number of waiting appeals by affected users against one network or device sanction. */
export const SHARED_APPEALS_MAX = 20;
/** Retention of an answered appeal by an affected user, who may appeal again afterwards. */
export const SHARED_APPEAL_KEPT_MS = 183 * DAY_MS;
/** Maximum number of appeals against an age refusal that the cookies of one device file in a day. */
export const AGE_APPEALS_PER_DEVICE_MAX = 3;
export const AGE_APPEALS_PER_DEVICE_MS = DAY_MS;
/**
 * How long a granted appeal exempts its author from the age refusals of a device. Such a refusal
 * lasts a day, so the exemption always outlasts the refusal that was appealed.
 */
export const AGE_LIFTED_FOR_MS = DAY_MS;
/** Maximum length of a note in UTF-16 code units. */
export const NOTE_UNITS_MAX = 2_000;
/** A decision about more subjects than this is a bulk decision and needs two members. */
export const BULK_SUBJECTS_MAX = 20;
/** A ban of a network prefix with fewer bits than this needs two members. */
export const PREFIX_BITS_MIN = { v4: 24, v6: 48 } as const;

/** Number of sessions after which a user no longer has the tier `new`. */
export const NEW_SESSIONS = 10;
/** Number of sessions without a report that the tier `good` requires. */
export const GOOD_CLEAN_SESSIONS = 20;
export const TRUST_HALF_LIFE_MS = 30 * DAY_MS;

/** A user becomes proven by this many counted calls, each of at least `PROVEN_CALL_MS_MIN`. */
export const PROVEN_CALLS_MIN = 3;
export const PROVEN_CALL_MS_MIN = 15 * SECOND_MS;
/**
 * The counted calls of a proven user must be with users of this many other networks and last
 * `PROVEN_TOGETHER_MS` in total.
 */
export const PROVEN_NETWORKS_MIN = 3;
export const PROVEN_TOGETHER_MS = 30 * MINUTE_MS;
/** Calls with users of the same network within this time count as one call. */
export const PROVEN_SAME_NETWORK_MS = DAY_MS;
/** How long a user stays proven after the last counted call, and how long a call counts. */
export const PROVEN_KEPT_MS = 90 * DAY_MS;
/**
 * Once this many proven users of `FOUNDER_NETWORKS_MIN` networks exist, a user becomes proven
 * only with at least one call with a proven user.
 */
export const FOUNDERS_MIN = 20;
export const FOUNDER_NETWORKS_MIN = 5;
/** Maximum number of proven users read to count their networks. */
export const FOUNDERS_READ_MAX = 500;
/** Maximum number of counted calls stored per user, and of reports that count against the user. */
export const STANDING_CALLS_MAX = 24;
/** Maximum number of users whom one proven user's calls can make proven in `PROVEN_KEPT_MS`. */
export const VOUCHES_MAX = 2;
/** All calls with one other network within this time in ms count as one unreported session. */
export const CLEAN_NETWORK_MS = DAY_MS;
/** Maximum number of unreported sessions that count for a user within `CLEAN_NETWORK_MS`. */
export const CLEAN_NETWORKS_MAX = 32;
export const STANDING_LOSSES_MAX = 16;
/** Of the reports from one network within this time, only the strongest counts. */
export const NETWORK_REPORTS_MS = DAY_MS;

/** Retention of the text of a report without a decision. */
export const TEXT_UNDECIDED_MS = 90 * DAY_MS;
/** Retention of the text of a dismissed report. */
export const TEXT_DISMISSED_MS = 3 * DAY_MS;
/**
 * Minimum and maximum retention of the text behind a decision. Between these, the text expires
 * when the decision's sanction ends. The minimum isn't shorter than `APPEAL_WINDOW_MS`, because
 * answering an appeal requires the text. A waiting appeal extends the retention.
 */
export const TEXT_DECIDED_MS_MIN = 183 * DAY_MS;
export const TEXT_DECIDED_MS_MAX = 400 * DAY_MS;
/**
 * Retention of sealed evidence after the handover to an authority or, without a handover, after
 * the decision. Afterwards two members may destroy the evidence.
 */
export const SEALED_KEPT_MS = 365 * DAY_MS;
/** Expiry time of items that never expire. */
export const NO_END_MS = Number.MAX_SAFE_INTEGER;
/** How long a member can use the approval to view a sealed picture. */
export const UNSEALED_MS = 8 * HOUR_MS;
/** How long a separation keeps the network of the blocked or reported user. */
export const NETWORK_APART_KEPT_MS = DAY_MS;
/** How long the removal of a block is kept. Other nodes read it within seconds. */
export const BLOCK_REMOVAL_KEPT_MS = HOUR_MS;
/** How long the declaration of a minor is kept. */
export const AGE_REFUSAL_KEPT_MS = DAY_MS;
/** Number of separations written in one statement. */
export const APART_WRITTEN_AT_ONCE = 500;
/** Maximum number of users whom one `person.read` reads. */
export const PEOPLE_READ_MAX = 100;
/** `person.read` and `apart.read` return the meetings of this time. */
export const MET_READ_MS = 10 * MINUTE_MS;
/** Maximum number of meetings per user that `person.read` returns, newest first. */
export const MET_READ_MAX = 200;
/** `person.read` returns the questions that users asked within this time. */
export const QUESTIONS_READ_MS = 60 * MINUTE_MS;
/** Maximum number of meetings per user among which `person.read` looks for questions. */
export const QUESTIONS_READ_MAX = 200;
/** `person.read` returns the reports of questions of this time. */
export const QUESTION_REPORTS_READ_MS = 30 * DAY_MS;
/** Maximum number of reports per user among which `person.read` looks for questions. */
export const QUESTION_REPORTS_READ_MAX = 50;
/**
 * Maximum number of separations that one statement reads. If the users of one `person.read` have
 * more, it reads each user's newest ones alone.
 */
export const SEPARATIONS_READ_MAX = 2_000;
/** Maximum number of pictures per reporter and case. It equals the maximum per report. */
export const REPORTER_PICTURES_MAX = 20;
/** Maximum number of pictures per case. It is enough for twenty reporters with the maximum each. */
export const CASE_PICTURES_MAX = 20 * REPORTER_PICTURES_MAX;
/** How long after a report its pictures are accepted, including retries. */
export const PICTURES_AFTER_MS = 3 * MINUTE_MS;
export const SAMPLE_SHARE = 0.05;
/** Retention of the texts of reports selected for a second review, but not of their pictures. */
export const SAMPLE_KEPT_MS = 14 * DAY_MS;
/** Maximum number of decisions searched, oldest first, for waiting second reviews. */
export const SAMPLE_CANDIDATES_MAX = 5_000;
export const SAMPLES_SHOWN_MAX = 20;
export const CASE_KEPT_MS = 730 * DAY_MS;
export const PERSON_KEPT_MS = 90 * DAY_MS;
export const PAIR_KEPT_MS = 30 * DAY_MS;
export const ANCHOR_KEPT_MS = 90 * DAY_MS;
export const APPROVAL_KEPT_MS = 90 * DAY_MS;
/** A new user is compared with suspended users seen on the same network within this time. */
export const LINKED_MS = 3 * DAY_MS;
/**
 * Maximum number of other users on a network for linking a new user to a suspended one. On a
 * network with more users, new users aren't linked.
 */
export const LINKED_OTHERS_MAX = 8;
/** Maximum number of meetings in an hour that are searched, newest first, for those of one user. */
export const PAIRS_READ_MAX = 20_000;
/** Maximum duration of a network ban, because providers later reassign the addresses. */
export const NETWORK_SANCTION_MS_MAX = 30 * DAY_MS;
/** Maximum number of a user's networks that an erasure or export reads. */
export const SUBJECT_ANCHORS_MAX = 10_000;
/** Number of networks shown with a case. These are the latest ones of its subject. */
export const NETWORKS_SHOWN_MAX = 3;
/** Maximum number of users checked before a network ban. A larger network can't be banned. */
export const NETWORK_PEOPLE_MAX = 1_000;
/** Maximum number of a network's newest users examined to link a new user to a suspended one. */
export const LINKED_READ_MAX = 200;
/**
 * Maximum number of rows of each kind that one housekeeping run removes, so that reports don't
 * wait long behind the run.
 */
export const HOUSEKEEPING_BATCH_MAX = 200;
/**
 * Maximum number of texts whose keys one transaction encrypts again, so that a running server's
 * commands don't wait long behind `keys rotate`.
 */
export const TEXTS_REWRAPPED_AT_ONCE = 500;
/** Maximum number of reports, appeals and proposals in a list. */
export const QUEUE_SHOWN_MAX = 200;
/** Number of rows on a page of the queue. */
export const QUEUE_PAGE = 50;
/**
 * Maximum number of cases that are ordered together by score. Each queue orders the cases of
 * proven and unproven reporters separately. Later pages order the next such group.
 */
export const QUEUE_ORDERED_MAX = 1_000;
/** Number of a network's newest reports that are read to compute the turn of the next report. */
export const TURNS_READ_MAX = 30;
/**
 * A report with a pinned reason pins no case if reporter and subject are unproven and share a
 * network on which at most `PIN_PEOPLE_MAX` users were seen within `PIN_SEEN_MS`.
 */
export const PIN_PEOPLE_MAX = 8;
export const PIN_SEEN_MS = DAY_MS;
/** Number of appeals or proposals read per page, until the member has enough visible items. */
export const WAITING_READ_AT_ONCE = 20;
/** Number of appeals or proposals read per page when they are only counted. */
export const COUNTED_AT_ONCE = 2_000;
/** Repeated views of a case by one member within this time count as one view. */
export const READ_AGAIN_MS = 20 * MINUTE_MS;
/** Maximum number of the subject's device keys to which a decision applies. */
export const CASE_DEVICES_MAX = 20;
export const LINKED_SHOWN_MAX = 20;
export const CASE_STEPS_SHOWN_MAX = 200;
/** Period that the console's statistics cover. */
export const NUMBERS_MS = DAY_MS;
/** Maximum number of reports that are counted by way to meet. */
export const NUMBERS_REPORTS_MAX = 5_000;
export const NUMBERS_DECISIONS_MAX = 500;
/** Period of the console's appeal statistics, longer because one day has too few appeals. */
export const NUMBERS_APPEALS_MS = 30 * DAY_MS;
export const NUMBERS_APPEALS_MAX = 1_000;
/**
 * Minimum number of decisions or of answered appeals for publishing a figure. A smaller number
 * could reveal a single case.
 */
export const PUBLIC_NUMBERS_MIN = 20;
/** Published percentages are rounded to multiples of this. */
export const PUBLIC_PERCENT_STEP = 5;
/**
 * Number of rows read per page for the transparency report, so that reports by users don't wait
 * long behind the query.
 */
export const TRANSPARENCY_PAGE_MAX = 500;
/** Duration of a shift, for which a member's reads are counted. */
export const SHIFT_MS = 8 * HOUR_MS;
/** Maximum number of cases, appeals and proposals read per shift. Urgent items are exempt. */
export const SHIFT_READS_MAX = 100;
/** Number of additional picture views, or reads, that one approval by a senior moderator allows. */
export const REVEALS_MORE = 20;
export const TALLY_KEPT_MS = 30 * DAY_MS;
/**
 * Maximum number of a subject's reports that are weighed together. If a subject has more, only the
 * strongest report of each source and day is weighed (MO-133a).
 */
export const WEIGHED_REPORTS_MAX = 200;
export const OWN_DECISIONS_MAX = 20;
export const AUDIT_PAGE_MAX = 500;
/** Maximum length of a setting's value in UTF-16 code units. */
export const SETTING_VALUE_UNITS_MAX = 10_000;
/** Maximum length of the house rules in one language, in UTF-16 code units. */
export const HOUSE_RULES_UNITS_MAX = 2_000;
/** Maximum number of published hours. */
export const HOURS_MAX = 20;
/** Maximum length of an hour's title in UTF-16 code units. */
export const HOUR_TITLE_UNITS_MAX = 60;
export const HOUR_MINUTES_MIN = 10;
export const HOUR_MINUTES_MAX = 240;
/** How far ahead the occurrences of a weekly hour are planned. */
export const HOURS_PLANNED_MS = 8 * DAY_MS;
/** How far ahead an hour may first start, because time zones change their rules. */
export const HOUR_AHEAD_MS_MAX = 366 * DAY_MS;
/** Maximum number of a case's newest reports that a decision reads. */
export const CASE_REPORTS_MAX = 10_000;
/** Maximum number of sanctions in a node's memory, and separately of suspensions. */
export const RESTRICTIONS_MAX = 1_000_000;
/** Number of recent audit rows read per query to find users whose restrictions changed. */
export const CONCERNED_ROWS_MAX = 20;
/** Time for which a browser's address at a push service is stored after the user asked. */
export const PUSH_KEPT_MS = 30 * DAY_MS;
/** Minimum time between two notifications to one browser. */
export const PUSH_EVERY_MS = HOUR_MS;
/** Maximum number of one user's browsers that get notifications. */
export const PUSHES_PER_SUBJECT_MAX = 5;
/** Maximum number of communities of a server, open and closed. */
export const COMMUNITIES_MAX = 100;
/** Maximum length of a community's title in UTF-16 code units. */
export const COMMUNITY_TITLE_UNITS_MAX = 60;
/** Maximum length of a community's own rules in UTF-16 code units. */
export const COMMUNITY_RULES_UNITS_MAX = 2_000;
/** Maximum number of a community's codes that weren't revoked. */
export const COMMUNITY_CODES_MAX = 200;
/** Maximum number of browsers that one invitation code lets in. */
export const COMMUNITY_CODE_USES_MAX = 1_000;
/** Maximum length of a member's note about a code in UTF-16 code units. */
export const COMMUNITY_CODE_LABEL_UNITS_MAX = 60;
/** Longest time for which a code can be used. */
export const COMMUNITY_CODE_MS_MAX = 366 * DAY_MS;
/** Days over which a community's calls and reports are counted, today included. */
export const COMMUNITY_DAYS_COUNTED = 30;
