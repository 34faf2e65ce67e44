import { FRAME_CREDITS } from '@farandole/gateway/limits';
import {
  REPORT_PICTURES_BYTES_MAX,
  REPORT_PICTURES_MAX,
  UNACKED_CHARS_MAX,
} from '@farandole/protocol/limits';

/**
 * The server's limits, in addition to `@farandole/protocol/limits` and the gateway's. Each limit is
 * tested at its value and one over.
 */

/**
 * How often a node reads sanctions. This is the maximum delay until a sanction takes effect on
 * another node.
 */
export const RESTRICTIONS_READ_EVERY_MS = 1_000;
/** Maximum number of imported device keys in memory, of about 2.5 KiB each. */
export const DEVICE_KEYS_KEPT_MAX = 2_000;
/** How long a browser can search in a community after it used a code. */
export const COMMUNITY_PASS_LIFETIME_MS = 30 * 24 * 60 * 60 * 1_000;
/** With several nodes, a node reads this often what others stored and every node must know. */
export const OTHER_NODES_READ_EVERY_MS = 1_000;
/**
 * A declaration of a minor or the removal of a block may be stored this long after its date, if the
 * store was away.
 */
export const APART_READ_BACK_MS = 10 * 60_000;
export const APART_READ_AT_ONCE = 1_000;
/** The store fails if a read of the sanctions, which is short, takes longer than this. */
export const STORE_SILENT_MS = 5_000;
/**
 * A node that can't reach the store sends its users to other nodes if those reach it for this long.
 */
export const STORE_ALONE_MS = 5_000;
/** Delay before a failed store task is retried, even if the period of the task is longer. */
export const STORE_ASKED_AGAIN_AFTER_MS = 2_000;
export const CALLS_COUNTED_EVERY_MS = 60_000;
/** Maximum number of users whose facts one statement reads. */
export const PEOPLE_READ_AT_ONCE = 100;
/** Maximum number of users who left and whose facts are kept; who left first is dropped. */
export const PEOPLE_KEPT_MAX = 60_000;
/** Maximum number of cached users whose trust waits to be read again. */
export const TRUST_CHANGED_MAX = 100_000;
/** Maximum number of users of whom a part of the node remembers one fact; the oldest is dropped. */
export const USERS_NOTED_MAX = 100_000;
export const CLEAN_FLUSH_EVERY_MS = 5_000;
/** A call counts as clean if no participant reports within this time after its end. */
export const CLEAN_AFTER_MS = 10 * 60_000;
/** Minimum length of a call that affects trust, in ms. */
export const CLEAN_CALL_MS_MIN = 15_000;
export const CLEAN_PEOPLE_AT_ONCE = 200;
/** Maximum number of calls that a node watches for reports; the oldest is dropped. */
export const CALLS_WATCHED_MAX = 100_000;
export const PAIRS_FLUSH_EVERY_MS = 1_000;
export const PAIRS_BATCH_MAX = 200;
/** Maximum number of running calls of three whose size is remembered. */
export const GROUPS_NOTED_MAX = 20_000;
/** Maximum number of matched pairs that wait for the store; the oldest is dropped. */
export const PAIRS_PENDING_MAX = 100_000;
/** Time after which a user's network is sent to the store again although it hasn't changed. */
export const ANCHOR_RESENT_AFTER_MS = 6 * 60 * 60_000;
export const ANCHORS_BATCH_MAX = 200;
/** Maximum number of users whose networks wait for the store; the oldest is dropped. */
export const ANCHORS_PENDING_MAX = 100_000;
export const HOUSEKEEPING_EVERY_MS = 60_000;
export const HOUSE_READ_EVERY_MS = 60_000;
/**
 * How often the public moderation figures are read. The figures aggregate many cases, so they are
 * read less often than other data.
 */
export const PUBLIC_NUMBERS_READ_EVERY_MS = 60 * 60_000;
/** Maximum size of the hours file. The server never writes a larger one. */
export const HOUSE_HOURS_BYTES_MAX = 8 * 1024;
export const CLOCK_POLL_EVERY_MS = 1_000;
/** A running node adopts the machine's date if that is at most this far ahead of the node's own. */
export const DATE_FOLLOWED_MS_MAX = 24 * 60 * 60_000;
/**
 * A node starts only if the machine's date is at most this far before the date stored in the data
 * folder.
 */
export const DATE_BACK_MS_MAX = 5 * 60_000;
/**
 * A node starts only if the machine's date is at most this far after the date stored in the data
 * folder.
 */
export const DATE_AHEAD_MS_MAX = 30 * 24 * 60 * 60_000;
export const DATE_KEPT_EVERY_MS = 10 * 60_000;
export const AUDIT_CHECKPOINT_EVERY_MS = 60_000;

/** Maximum number of fragments per WebSocket message. The page sends unfragmented messages. */
export const FRAGMENTS_MAX = 16;
/** Maximum number of chunks of input in which one WebSocket frame may arrive. */
export const BUFFERED_CHUNKS_MAX = 64;
/**
 * Maximum number of bytes sent to a client that the client hasn't read. A client above this limit
 * is closed as a slow consumer.
 */
export const SEND_BUFFER_BYTES_MAX = 256 * 1024;
/**
 * Frames to a socket are written at the end of the event-loop turn, or earlier if together they
 * exceed this length.
 */
export const FLUSH_CHARS = 16 * 1024;
/**
 * Time in ms that clients' frames may take in one turn of the event loop. Further frames wait for
 * the next turn. On Node, a socket isn't read while more than one of its frames wait.
 */
export const FRAMES_MS_PER_TURN = 5;
/**
 * Maximum number of frames of one socket that wait for a later turn. On Node, all but the first
 * arrived in one chunk of input. A client that sends more than the rate limit's burst at once is
 * closed as too fast.
 */
export const FRAMES_WAITING_MAX = FRAME_CREDITS.burst;
/**
 * Maximum length of the frames of one socket that wait for a later turn, in UTF-16 code units. It is
 * twice what a page has under way in sequenced frames. Bun also reads a socket whose frames wait.
 */
export const FRAMES_WAITING_CHARS_MAX = 2 * UNACKED_CHARS_MAX;
export const PING_EVERY_MS = 15_000;
/** Time without input after which a socket is closed. */
export const SOCKET_SILENT_MS = 30_000;
/**
 * Longest silence that one pause between two ticks adds to a socket. After a longer pause the
 * process was stalled and hasn't read its input yet.
 */
export const TICK_LISTENED_MS_MAX = 1_000;
/** Time in which the sweep visits each socket once. Pings and closes may therefore be this late. */
export const SWEEP_EVERY_MS = 5_000;
/**
 * Maximum number of pings that a client may send between two of the server's pings. The page sends
 * no pings.
 */
export const CLIENT_PINGS_MAX = 32;
/**
 * Delay before closing a client that violated the protocol. Closing at once lets an attacker
 * reconnect, which costs more than ignoring its traffic.
 */
export const REFUSED_LINGER_MS = 5_000;
/**
 * Maximum number of bytes that are discarded from a client between its violation and its close. If
 * the client sends more, its connection is ended without a close frame.
 */
export const REFUSED_BYTES_MAX = 512 * 1024;
/** Time in which a client must answer a close frame. Afterwards the server destroys its socket. */
export const CLOSE_HANDSHAKE_MS = 3_000;

/** Maximum number of HTTP sockets, not counting WebSockets. */
export const HTTP_SOCKETS_MAX = 1_000;
/** Maximum number of HTTP sockets per network, not counting WebSockets. */
export const HTTP_SOCKETS_PER_NETWORK_MAX = 100;
/**
 * Time limit from the start of a connection, or of a further request on it, to the end of the
 * request's headers.
 */
export const HEADERS_TIMEOUT_MS = 3_000;
/** Time limit from the end of a request's headers to the end of its body. */
export const REQUEST_TIMEOUT_MS = 5_000;
/** Minimum rate of a picture upload, which is 32 kbit/s. */
export const UPLOAD_BYTES_PER_S_MIN = 4 * 1024;
/** Time limit of a picture upload. The largest upload takes less at the minimum rate. */
export const UPLOAD_TIMEOUT_MS = 60_000;
export const CONNECTIONS_CHECK_EVERY_MS = 500;
export const KEEP_ALIVE_MS = 5_000;
/**
 * Idle time after which a listed proxy's connection is closed. It is longer than the proxy's own
 * idle time (Caddy 2 minutes, nginx 1).
 */
export const PROXY_KEEP_ALIVE_MS = 300_000;
/** `PROXY_KEEP_ALIVE_MS` on Bun, in seconds. It is the longest idle time that Bun allows. */
export const BUN_PROXY_IDLE_S = 255;
/**
 * Time after which a socket is closed if its client neither reads the response nor sends anything.
 */
export const STALLED_MS = 15_000;
/** Maximum number of HTTP requests per connection, so that no connection lives forever. */
export const REQUESTS_PER_SOCKET_MAX = 1_000;
/**
 * Maximum number of unanswered requests per connection. Browsers send the next request after the
 * answer.
 */
export const REQUESTS_UNDER_WAY_MAX = 8;
export const HEADER_BYTES_MAX = 8 * 1024;
export const BODY_BYTES_MAX = 4 * 1024;

/** Maximum size of the body of a console request. It is enough for a note, which is the largest. */
export const CONSOLE_BODY_BYTES_MAX = 32 * 1024;
/**
 * Maximum size of house rules per language. It is enough for 4,000 UTF-16 code units of three bytes
 * and the JSON syntax.
 */
export const HOUSE_RULES_BYTES_MAX = 16 * 1024;
export const LIVE_FEEDS_MAX = 128;
export const LIVE_FEEDS_PER_MEMBER_MAX = 8;
export const LIVE_POLL_EVERY_MS = 1_000;
export const LIVE_UNREAD_EVENTS_MAX = 16;
export const AUDIT_VERIFIED_FOR_MS = 60_000;

/** Maximum size of an appeal form. It is enough for the text of an appeal in URL encoding. */
export const FORM_BYTES_MAX = 16 * 1024;
export const FORM_LIFETIME_MS = 12 * 60 * 60 * 1_000;

export const COOKIE_LIFETIME_S = 90 * 24 * 60 * 60;
/**
 * Time in which a client can open a new allocation with its TURN credentials. A running call may
 * last longer.
 */
export const TURN_CREDENTIAL_LIFETIME_S = 10 * 60;
/**
 * Number of TURN user names of one network. The relay's quota per user name times this number is
 * what one network can occupy.
 */
export const TURN_USERS_PER_NETWORK = 32;
/** Minimum length of the TURN secret, which is that of 128 random bits in base64. */
export const TURN_SECRET_CHARS_MIN = 22;

export const METRICS_TOKEN_CHARS_MIN = 16;
/**
 * Maximum size of the operator's file of rented address ranges. It is enough for about 500,000
 * ranges.
 */
export const RENTED_FILE_BYTES_MAX = 8 * 1024 * 1024;
export const TURN_RESOLVE_EVERY_MS = 5 * 60_000;
export const TURN_RESOLVE_RETRY_MS = 15_000;
/** Mean time between two allocations with which a node checks a TURN server. Varies by a quarter. */
export const RELAY_CHECKED_EVERY_MS = 60_000;
/** Maximum time from the start to the first check of a TURN server. */
export const RELAY_FIRST_CHECK_MS_MAX = 5_000;
/**
 * Range of FARANDOLE_RELAY_KBPS_MAX. Below, a face isn't recognisable; above, coturn's shipped
 * `max-bps` limits a user.
 */
export const RELAY_KBPS_MIN = 100;
export const RELAY_KBPS_MAX = 3_000;
/** A log line is written at most this long after its event. */
export const LOG_WRITTEN_WITHIN_MS = 100;
/**
 * Maximum length of the log lines that wait because they can't be written, in UTF-16 code units.
 * Lines above it are dropped. The lines of 20,000 sessions that end in one turn need a third.
 */
export const LOG_WAITING_CHARS_MAX = 8 * 1024 * 1024;
/** How often a node reads the free disk space and the date of the last backup. */
export const HOST_READ_EVERY_MS = 15_000;
/** How often a node adds to the estimate of relayed bytes. */
export const RELAY_ESTIMATED_EVERY_MS = 1_000;

export const KEY_ROTATE_AFTER_MS = 24 * 60 * 60 * 1_000;
/** Time for which a replaced key is kept, which is twice a receipt's lifetime. */
export const KEY_RETIRED_KEPT_MS = 48 * 60 * 60 * 1_000;
/**
 * Maximum number of key generations; the oldest is dropped. The limit is reached only if the date
 * jumps or no process runs for a day.
 */
export const KEY_GENERATIONS_MAX = 32;
export const KEY_CHECK_EVERY_MS = 60 * 60 * 1_000;

/**
 * Time after which a report, block or age refusal that the store hasn't answered is refused as not
 * stored. The page keeps it and sends it again.
 */
export const STORE_ANSWERS_WITHIN_MS = 2_500;
/**
 * Maximum number of reports, blocks and age refusals that the store hasn't answered. Further ones
 * are refused at once.
 */
export const UNSTORED_MAX = 5_000;
/** Maximum number of blocks, their removals and age refusals in one command to the store. */
export const CHANGES_AT_ONCE = 500;
/** Maximum number of reports in the store's queue, so that other commands don't wait for more. */
export const REPORTS_AT_ONCE = 100;
/** Number of records of a file that are imported at once. */
export const IMPORTED_AT_ONCE = 5_000;
/** Time in ms for which an imported file is kept, so that an operator can inspect it. */
export const IMPORTED_KEPT_MS = 24 * 60 * 60_000;

/** Maximum length of the source code's URL, which is sent with every session ticket. */
export const SOURCE_URL_CHARS_MAX = 1_000;

/** Maximum length of the operator's name, which is shown on every page. */
export const OPERATOR_NAME_CHARS_MAX = 80;
export const OPERATOR_CONTACT_CHARS_MAX = 1_000;
/** Maximum length of one help line's address. */
export const HELP_LINES_CHARS_MAX = 1_000;
export const HELP_LINES_LIST_CHARS_MAX = 4_000;

export const EVIDENCE_TEXT_CHARS_MAX = 200;
/**
 * Maximum size of an upload with the maximum number of pictures, including the few bytes before
 * each picture.
 */
export const UPLOAD_BYTES_MAX = REPORT_PICTURES_BYTES_MAX + 8 * REPORT_PICTURES_MAX;
/** Number of picture files that one command moves into the store. */
export const PICTURES_IMPORTED_AT_ONCE = 100;
/**
 * Age after which a start removes a picture file that the store doesn't know. The delay protects
 * pictures if the settings name the wrong database.
 */
export const PICTURE_FILES_UNKNOWN_MS = 7 * 24 * 60 * 60_000;

export const POLICY_VERSION = 1;

/** A start that waits for its store says so this often. */
export const STORE_AWAITED_EVERY_MS = 10_000;

/** Work of checking a password, in ms. */
export const PASSWORD_CHECK_MS = 200;
/** Work of checking a passkey, in µs: measured as 1,300 to 2,000. */
export const PASSKEY_CHECK_US = 2_000;
/** Maximum number of queued password checks. Each check takes `PASSWORD_CHECK_MS` and 64 MiB. */
export const PASSWORDS_WAITING_MAX = 20;

/** Maximum time in ms of a proof of work on a phone, which has a fourth of this machine's speed. */
export const PROOF_MS_MAX = 15_000;
/** PBKDF2 iterations of one attempt. Few, because each challenge costs the server one attempt. */
export const PROOF_ITERATIONS = 1_000;
/**
 * Attempts per ms on a phone. Measured in Chromium with the CPU throttled to a fourth; the story
 * of the proof of work prints the time of a whole proof.
 */
export const PROOF_ATTEMPTS_PER_MS = 0.6;
/** Time in ms to solve a challenge. Enough for a device with a tenth of a phone's speed. */
export const PROOF_LIFETIME_MS = 5 * 60_000;
/** Maximum number of accepted proofs that a node remembers; the oldest is forgotten. */
export const USED_PROOFS_MAX = 100_000;
/** Maximum factor by which suspicion of a user or a network makes a proof longer. */
export const PROOF_HARM_FACTOR_MAX = 8;
/** Maximum time in ms that the node's load adds to a proof, reached when the node is full. */
export const PROOF_LOAD_MS_MAX = 5_000;

/** Minimum time between two claims of browsers to notify, by one node and for one mode. */
export const PUSH_CLAIM_EVERY_MS = 60_000;
/** Time between two checks whether a search is lonely. */
export const PUSH_CHECKED_EVERY_MS = 1_000;
/** Maximum number of browsers that one node notifies at a time. */
export const PUSHES_CLAIMED_MAX = 20;
/** How long after the start of an hour browsers are notified of it. */
export const PUSH_HOUR_MS = 5 * 60_000;
/** How often the occurrences of the published hours are computed again. */
export const HOURS_PLANNED_AGAIN_MS = 60 * 60_000;

/** How often a node asks the store whether there is something to alert about. */
export const ALERTS_CHECKED_EVERY_MS = 1_000;
/** Maximum time between two runs of the alerts although nothing changed. */
export const ALERTS_RUN_EVERY_MS = 10_000;
/** Time for which the alerts wait for the store before the node alerts without it. */
export const ALERTS_STORE_WAIT_MS = 5_000;
/** Time after which a webhook that hasn't answered counts as failed. */
export const WEBHOOK_TIMEOUT_MS = 10_000;
/** Time after which each step of sending a mail counts as failed. */
export const MAIL_TIMEOUT_MS = 15_000;
/** The disk counts as full below this share of free space, if also below the number of bytes. */
export const DISK_FULL_SHARE = 0.05;
export const DISK_FULL_BYTES = 10 * 1024 ** 3;
/** The disk counts as full below this number of free bytes, whatever its size. */
export const DISK_FULL_BYTES_ALWAYS = 500 * 1024 ** 2;
/** Age of the last backup after which it is an alert. A nightly backup missed once is none. */
export const BACKUP_OLD_MS = 2 * 24 * 60 * 60_000;
/** Time for which a new server may run without a backup. */
export const BACKUP_MISSING_MS = 24 * 60 * 60_000;
/** Time for which a task of the store must fail before it is an alert. */
export const STORE_FAILING_MS = 15_000;
/** Time for which a report must wait for the store before it is an alert. */
export const REPORTS_UNSTORED_MS = 60_000;
/** Time for which a relay must be unreachable: two checks, so that one lost packet is none. */
export const RELAY_DEAD_MS = 100_000;
/** Minimum length of FARANDOLE_ALERT_WEBHOOK_SECRET. */
export const WEBHOOK_SECRET_CHARS_MIN = 22;

/** Matches whose waits the operator's page summarises. */
export const RECENT_WAITS_MS = 60 * 60_000;
export const RECENT_WAITS_MAX = 1_000;
