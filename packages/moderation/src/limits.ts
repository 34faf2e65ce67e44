/**
 * Every bound of this room, in one place. Each is tested at the limit and one over.
 *
 * Sizes count what their name says; times are milliseconds.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a moderator has a case to themselves; then it goes back to the queue. */
export const ASSIGNMENT_MS = 20 * MINUTE_MS;
/** How long whoever decided may take the decision back by themselves. */
export const UNDO_MS = 10 * SECOND_MS;
/** The longest that software alone may keep anybody out, until a person has looked. */
export const HOLD_MS_MAX = DAY_MS;
/** How long a proposal waits for its second person before it stands above the others: the hold that it brought lasts as long again. */
export const PROPOSAL_PINNED_MS = HOLD_MS_MAX / 2;
/** Distinct reporters without whom nobody is held. */
export const HOLD_REPORTERS_MIN = 2;

/** A warning and every sanction leave a strike; it counts for so long. */
export const STRIKE_MS = 180 * DAY_MS;
/** How long after a decision it may be appealed against. */
export const APPEAL_WINDOW_MS = 183 * DAY_MS;
/** UTF-16 units of what an appeal says. */
export const APPEAL_TEXT_UNITS_MAX = 1_000;
/** Of one network or device that keeps others out: what they write of it and nobody has answered yet. */
export const SHARED_APPEALS_MAX = 20;
/** How long that is kept, and after how long somebody may write of the same again. */
export const SHARED_APPEAL_KEPT_MS = 183 * DAY_MS;
/** UTF-16 units of a moderator's note. */
export const NOTE_UNITS_MAX = 2_000;
/** Subjects beyond whom one decision is a bulk decision, which takes two people. */
export const BULK_SUBJECTS_MAX = 20;
/** Bits of a network prefix below which a sanction of it takes two people. */
export const PREFIX_BITS_MIN = { v4: 24, v6: 48 } as const;

/** Sessions before a person stops being new. */
export const NEW_SESSIONS = 10;
/** Sessions without a report before a person can be in good standing. */
export const GOOD_CLEAN_SESSIONS = 20;
/** How long it takes for half of what is known of a person to be forgotten. */
export const TRUST_HALF_LIFE_MS = 30 * DAY_MS;
/** Reports of one subject from one network within this time are one burst. */
export const BURST_MS = HOUR_MS;

/** How long the words of a report are kept while nobody has decided on it. */
export const WORDS_UNDECIDED_MS = 90 * DAY_MS;
/** The words of what was dismissed. */
export const WORDS_DISMISSED_MS = 3 * DAY_MS;
/**
 * The words behind a decision: until its sanction ends, and between these two in any case. Whoever answers an
 * appeal reads them: so they are there as long as one is taken (`APPEAL_WINDOW_MS`), and while one waits.
 */
export const WORDS_DECIDED_MS_MIN = 183 * DAY_MS;
export const WORDS_DECIDED_MS_MAX = 400 * DAY_MS;
/**
 * What may be of a minor: so long after it was handed over or, while nothing is, after the decision. Then two people
 * shred it, and no time does.
 */
export const SEALED_KEPT_MS = 365 * DAY_MS;
/** Stands where something goes by no time. */
export const NO_END_MS = Number.MAX_SAFE_INTEGER;
/** How long after a second person's yes whoever asked may take their one look. */
export const UNSEALED_MS = 8 * HOUR_MS;
/** Pictures of one reporter in a case: as many as one report has. */
export const REPORTER_PICTURES_MAX = 20;
/** Pictures of a case in all, which those who bring any share: for twenty of them, all that they may bring. */
export const CASE_PICTURES_MAX = 20 * REPORTER_PICTURES_MAX;
/** How long after a report its pictures are taken, however often it is told again. */
export const PICTURES_AFTER_MS = 3 * MINUTE_MS;
/** The share of dismissed reports whose words are kept for another's look… */
export const SAMPLE_SHARE = 0.05;
/** …for so long; their pictures are not. */
export const SAMPLE_KEPT_MS = 14 * DAY_MS;
/** Decisions of that time among which those that wait are looked for, the oldest. */
export const SAMPLE_LOOKED_AT_MAX = 5_000;
export const SAMPLES_SHOWN_MAX = 20;
/** How long a closed case, its decision and the audit of it are kept. */
export const CASE_KEPT_MS = 730 * DAY_MS;
/** How long something is remembered of a person of whom nothing new was heard. */
export const PERSON_KEPT_MS = 90 * DAY_MS;
/** How long it is kept who was brought together with whom. */
export const PAIR_KEPT_MS = 30 * DAY_MS;
/** How long it is kept from which network somebody came. */
export const ANCHOR_KEPT_MS = 90 * DAY_MS;
/** Who came from one network within this time may be of one group. */
export const SAME_NETWORK_MS = DAY_MS;
/** How long it is kept what two people agreed on, with the networks that it was about. */
export const APPROVAL_KEPT_MS = 90 * DAY_MS;
/** Whoever comes from where somebody suspended came from within this time may be that person. */
export const LINKED_MS = 3 * DAY_MS;
/** Of a network of which more others came within that time, nothing is concluded. */
export const LINKED_OTHERS_MAX = 8;
/** Pairs of an hour that are looked at, the newest, to say whom the subjects of cases have met in it. */
export const PAIRS_LOOKED_AT_MAX = 20_000;
/** How long a network is kept out at most: addresses are given to others. */
export const NETWORK_SANCTION_MS_MAX = 30 * DAY_MS;
/** Networks of one person that an erasure, or a copy of what is kept of them, looks at. */
export const SUBJECT_ANCHORS_MAX = 10_000;
/** Networks that a case shows, those that its subject last came from. */
export const NETWORKS_SHOWN_MAX = 3;
/** People of one network who are looked at one by one; one of more people than that is not shut out. */
export const NETWORK_PEOPLE_MAX = 200;
/** What one turn of the housekeeping takes on of each kind, so that no report waits long for it. */
export const HOUSEKEEPING_BATCH_MAX = 200;
/** Cases that one look at the queue shows. */
export const QUEUE_SHOWN_MAX = 200;
/** Cases that are put in order for it: the pinned, and then the oldest. */
export const QUEUE_ORDERED_MAX = 2_000;
/** Appeals, or approvals, that are read at once, until enough of them are a member's to see. */
export const WAITING_READ_AT_ONCE = 20;
/** The same where they are only counted. */
export const COUNTED_AT_ONCE = 2_000;
/** How long it is one reading when a member looks at a case again. */
export const READ_AGAIN_MS = 20 * MINUTE_MS;
/** Device keys of its subject that a decision holds for. */
export const CASE_DEVICES_MAX = 20;
/** Other subjects of the same device that a case shows. */
export const LINKED_SHOWN_MAX = 20;
/** Steps of a case that are shown with it, the newest. */
export const CASE_STEPS_SHOWN_MAX = 200;
/** The time that the numbers of the day are about. */
export const NUMBERS_MS = DAY_MS;
/** Decisions whose time is looked at for them, the newest. */
export const NUMBERS_DECISIONS_MAX = 500;
/** The time of appeals whose answers are counted: on one day there are too few. */
export const NUMBERS_APPEALS_MS = 30 * DAY_MS;
export const NUMBERS_APPEALS_MAX = 1_000;
/** Decisions, or answered appeals, of fewer of which nothing is told to everybody: it would be of single cases. */
export const PUBLIC_NUMBERS_MIN = 20;
/** Percents that are told to everybody are to the nearest of these. */
export const PUBLIC_PERCENT_STEP = 5;
/** Decisions, reports and appeals of a period that are read at once, so that no report waits long for it. */
export const TRANSPARENCY_PAGE_MAX = 500;
/** The time over which it is counted how much somebody has read. */
export const SHIFT_MS = 8 * HOUR_MS;
/** Cases, appeals and proposals that a shift asks anybody to read; what presses is over and above that. */
export const SHIFT_READS_MAX = 100;
/** Pictures, and as many readings, that a senior's yes lets somebody have in their shift beyond what it asks of anybody. */
export const REVEALS_MORE = 20;
/** How long it is kept how many calls an hour had. */
export const TALLY_KEPT_MS = 30 * DAY_MS;
/** Reports that are weighed together as one burst. */
export const BURST_REPORTS_MAX = 200;
/** Decisions about one person that they are shown, the newest. */
export const OWN_DECISIONS_MAX = 20;
/** Rows of the audit that one page shows. */
export const AUDIT_PAGE_MAX = 500;
/** UTF-16 units of the value of an operator's setting. */
export const SETTING_VALUE_UNITS_MAX = 10_000;
/** UTF-16 units of the rules of this house, in each language. */
export const HOUSE_RULES_UNITS_MAX = 2_000;
/** Reports of one case that a decision looks at, the newest; more of them change nothing. */
export const CASE_REPORTS_MAX = 10_000;
/** Sanctions, and holds, that a node keeps in memory. */
export const STANDING_MAX = 1_000_000;
/** What was done to people, of which a node is told whom it concerns at once. */
export const CONCERNED_ROWS_MAX = 20;
