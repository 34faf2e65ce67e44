const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Alerts of one kind are sent at most once in this time. Later ones wait and are counted. */
export const ALERT_EVERY_MS = 10 * MINUTE_MS;
/** Time after which an alert that no member acknowledged goes to the next member of the rota. */
export const ALERT_UNANSWERED_MS = 15 * MINUTE_MS;
/** Time for which further pinned cases of unproven users of one network wake no member. */
export const NETWORK_WAKES_EVERY_MS = DAY_MS;
/** Time after which a fault counts as over if its node hasn't reported it again. */
export const FAULT_STALE_MS = 3 * MINUTE_MS;
/** How often a continuing fault's time is written to the store. */
export const FAULT_RENEWED_MS = MINUTE_MS;
/** Time for which the store remembers which cases it has considered. */
export const TOLD_CASES_KEPT_MS = 7 * DAY_MS;
export const TOLD_CASES_MAX = 1_000;
export const WOKEN_NETWORKS_MAX = 1_000;
/** Number of cases that are read per queue, and of pinned folded cases. */
export const ALERT_CASES_READ = 300;
export const ALERT_FOLDED_READ = 50;
/** Number of reports of a case that are read to learn the networks of its reporters. */
export const ALERT_REPORTS_READ = 20;
/** Number of cases that an alert names. It counts the others. */
export const ALERT_CASES_NAMED = 10;
/** Number of cases that a held alert remembers. It counts the others. */
export const PENDING_CASES_MAX = 1_000;
/** Number of audit rows of a case that are read to learn whether a member opened it. */
export const ALERT_AUDIT_READ = 20;
/** Time for which an appeal may wait before it is an alert. */
export const APPEAL_LATE_MS = 7 * DAY_MS;
/** Number of alerts that the store keeps, newest first. */
export const ALERTS_KEPT = 50;
/** Time for which another node doesn't send a message that one node took to send. */
export const MESSAGE_CLAIMED_MS = MINUTE_MS;
export const MESSAGES_MAX = 200;
/** A failed message is sent again after this time, then after twice the time, and so on. */
export const MESSAGE_RETRY_MS = 15_000;
export const MESSAGE_RETRY_MS_MAX = 10 * MINUTE_MS;
/** Number of attempts after which a message is given up, after about an hour. */
export const MESSAGE_TRIES_MAX = 10;
/** Time after which a due message is given up if no node with its channel has taken it. */
export const MESSAGE_UNTAKEN_MS = HOUR_MS;

export const ROTA_MAX = 20;
export const MAIL_ADDRESS_CHARS_MAX = 254;
