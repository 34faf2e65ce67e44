/**
 * Every bound of this room, in one place, beside those of the wire (`@farandole/protocol/limits`)
 * and of the gateway. Each is tested at its value and one over.
 */

/** How often a node asks whether people have decided anything: a sanction holds on every node by then. */
export const STANDING_READ_EVERY_MS = 1_000;
/** How often reports that the store has taken are let go. */
export const REPORTS_LET_GO_EVERY_MS = 2_000;
/** When a store that did not do what it was asked is asked again, however seldom that is its turn. */
export const STORE_ASKED_AGAIN_AFTER_MS = 2_000;
/** How often the store is told how many calls there were. */
export const CALLS_COUNTED_EVERY_MS = 60_000;
/** How often what is known of those who come is read: before anybody who asked for a ticket searches. */
export const TRUST_READ_EVERY_MS = 100;
/** People of whom is asked in one question… */
export const TRUST_ASKED_MAX = 200;
/** …and of whom a node knows, those who were here last. */
export const TRUST_KEPT_MAX = 100_000;
/** How often calls that nobody reported are told to the store. */
export const CLEAN_TOLD_EVERY_MS = 5_000;
/** How long after its end a call may be reported and not have been clean. */
export const CLEAN_AFTER_MS = 10 * 60_000;
/** A shorter call shows nothing of anybody. */
export const CLEAN_CALL_MS_MIN = 15_000;
/** People whom one question tells of. */
export const CLEAN_PEOPLE_AT_ONCE = 200;
/** Calls that a node watches at one time, those that began last. */
export const CALLS_WATCHED_MAX = 100_000;
/** How often the store is told who was brought together with whom… */
export const PAIRS_TOLD_EVERY_MS = 1_000;
/** …and of how many pairs at once. */
export const PAIRS_TOLD_AT_ONCE = 200;
/** Pairs that wait to be told, the newest, where the store is out of reach. */
export const PAIRS_UNTOLD_MAX = 100_000;
/** From which network somebody comes is told again, as long as it is the same, after so long. */
export const ANCHOR_TOLD_AGAIN_AFTER_MS = 6 * 60 * 60_000;
/** People of whose network one message tells… */
export const ANCHORS_TOLD_AT_ONCE = 200;
/** …and those of whom it waits to be told, the newest. */
export const ANCHORS_UNTOLD_MAX = 100_000;
/** How often what was kept for so long is looked for. */
export const HOUSEKEEPING_EVERY_MS = 60_000;
/** How often it is read what every page is told of this house… */
export const HOUSE_READ_EVERY_MS = 60_000;
/** …and of these, what is counted over many cases. */
export const PUBLIC_NUMBERS_READ_EVERY_MS = 60 * 60_000;
/** The file of how many people come at which hour; a longer one is none of ours. */
export const HOUSE_HOURS_BYTES_MAX = 8 * 1024;
/** How often a node compares its date with the machine's. */
export const CLOCK_LOOK_EVERY_MS = 1_000;
/** A running node follows a machine's date that is at most this far ahead of its own. */
export const DATE_FOLLOWED_MS_MAX = 24 * 60 * 60_000;
/** A node starts with a date at most this far before the one that was noted last… */
export const DATE_BACK_MS_MAX = 5 * 60_000;
/** …and at most this far after it. */
export const DATE_AHEAD_MS_MAX = 30 * 24 * 60 * 60_000;
/** How often a node notes its date in the data folder. */
export const DATE_KEPT_EVERY_MS = 10 * 60_000;
/** How often the data folder is told how far the audit is. */
export const AUDIT_CHECKPOINT_EVERY_MS = 60_000;

/** Fragments of one message; a page sends each message in one. */
export const FRAGMENTS_MAX = 16;
/** Pieces in which the bytes of one frame may arrive. */
export const BUFFERED_CHUNKS_MAX = 64;
/** Bytes queued for one client that does not read; above, it is closed as a slow consumer. */
export const SEND_BUFFER_BYTES_MAX = 256 * 1024;
/** Frames to one socket go out together at the end of the turn, or before when there are so many. */
export const FLUSH_CHARS = 16 * 1024;
/** Each socket is pinged so often… */
export const PING_EVERY_MS = 15_000;
/** …and given up when nothing came from it for so long. */
export const SOCKET_SILENT_MS = 30_000;
/**
 * As much counts of the time between two ticks, at most: over it, this process stood still, and what
 * came meanwhile is not read yet.
 */
export const TICK_LISTENED_MS_MAX = 1_000;
/** In how long each socket is looked at once: by so much may a ping or a farewell be late. */
export const SWEEP_EVERY_MS = 5_000;
/** Pings that a client may send between two of ours: a page sends none. */
export const CLIENT_PINGS_MAX = 32;
/**
 * Whoever breaks the protocol, as no page of ours does, is listened to no further, and told only after
 * so long: the next try of somebody who comes back costs a node more than what they send.
 */
export const REFUSED_HELD_MS = 5_000;
/** What they may send meanwhile, which is thrown away; with more they are cut off without a word. */
export const REFUSED_BYTES_MAX = 512 * 1024;
/** How long a client may take to answer a close frame before its socket is destroyed. */
export const CLOSE_HANDSHAKE_MS = 3_000;

/** Sockets that are no WebSocket (yet), on top of those that may be. */
export const HTTP_SOCKETS_MAX = 1_000;
/** As many of them one network may have, on top of the WebSockets that it may have. */
export const HTTP_SOCKETS_PER_NETWORK_MAX = 100;
/** From the beginning of a connection, or of a further request, to the end of its headers. */
export const HEADERS_TIMEOUT_MS = 3_000;
/** From the headers of a request to the end of its body… */
export const REQUEST_TIMEOUT_MS = 5_000;
/** …but for pictures that are being taken, as long as so many bytes a second come: 32 kbit/s… */
export const UPLOAD_BYTES_PER_S_MIN = 4 * 1024;
/** …and so long in all: as many pictures as a report has come in less at that rate. */
export const UPLOAD_TIMEOUT_MS = 60_000;
/** How often it is looked at these. */
export const CONNECTIONS_CHECK_EVERY_MS = 500;
/** An idle connection is kept for the next request so long. */
export const KEEP_ALIVE_MS = 5_000;
/** One of a listed proxy longer than proxies keep theirs: 2 minutes Caddy, 1 nginx. */
export const PROXY_KEEP_ALIVE_MS = 300_000;
/** A socket that takes nothing of its answer, and says nothing, is given up after so long. */
export const STALLED_MS = 15_000;
/** Requests of one connection; then it is closed, so that none lives for ever. */
export const REQUESTS_PER_SOCKET_MAX = 1_000;
/** Requests of one connection that are not answered yet; a browser sends one after the other. */
export const REQUESTS_UNDER_WAY_MAX = 8;
/** All headers of a request. */
export const HEADER_BYTES_MAX = 8 * 1024;
/** The body of a request. */
export const BODY_BYTES_MAX = 4 * 1024;

/** The body of a request of the console: a note takes more than all others. */
export const CONSOLE_BODY_BYTES_MAX = 32 * 1024;
/** Of a change of the house rules, for each language: 4,000 units of three bytes, and what JSON adds. */
export const HOUSE_RULES_BYTES_MAX = 16 * 1024;
/** Consoles that are told of changes, all in all and of one member. */
export const LIVE_FEEDS_MAX = 128;
export const LIVE_FEEDS_PER_MEMBER_MAX = 8;
/** How often it is looked whether there is something to tell, and whether the session still is. */
export const LIVE_LOOK_EVERY_MS = 1_000;
/** Events that a console has not read; one more, and it is let go. */
export const LIVE_UNREAD_EVENTS_MAX = 16;
/** How long it counts that the whole audit was found to be whole. */
export const AUDIT_VERIFIED_FOR_MS = 60_000;

/** Session tickets and ICE servers: requests of one network in each window… */
export const API_REQUESTS_PER_CONNECTION = 4;
/** …counted for each connection that the network may have. */
export const API_WINDOW_MS = 60_000;
/** How often one network asks in an hour for what is kept of somebody, to have it or to have it erased… */
export const OWN_DATA_PER_HOUR = 20;
/** …how many of them wait for their answer at a time, of one network… */
export const OWN_DATA_WAITING_PER_NETWORK_MAX = 2;
/** …and all in all. */
export const OWN_DATA_WAITING_MAX = 20;
/** A form of the appeal page: what it says, in the bytes that a form takes for it. */
export const FORM_BYTES_MAX = 16 * 1024;
/** How long a form may be filled in before it is asked for again. */
export const FORM_LIFETIME_MS = 12 * 60 * 60 * 1_000;
/** Codes of no decision that one network may try… */
export const CODE_MISSES_MAX = 10;
/** …in so long; one more, and no code of theirs is looked at for as long again. */
export const CODE_MISSES_WINDOW_S = 15 * 60;
/** New connections of a network come in a burst of as many as it may have, and then this share of it a second. */
export const UPGRADES_REFILL_SHARE_PER_S = 0.1;

/** How long the cookie stays that makes a person the same person at the next visit. */
export const COOKIE_LIFETIME_S = 90 * 24 * 60 * 60;
/** Credentials of the relay; a call outlives them, a new allocation does not. */
export const TURN_CREDENTIAL_LIFETIME_S = 10 * 60;
/** The secret that is shared with the relay: in base64, 128 random bits take so many characters. */
export const TURN_SECRET_CHARS_MIN = 22;
/** The names of the relay are resolved so often… */
export const TURN_RESOLVE_EVERY_MS = 5 * 60_000;
/** …and again after so long when that failed. */
export const TURN_RESOLVE_RETRY_MS = 15_000;

/** A key seals and tags for so long, then a new one does. */
export const KEY_ROTATE_AFTER_MS = 24 * 60 * 60 * 1_000;
/** A key that was replaced opens and verifies for so long: twice the life of a receipt. */
export const KEY_RETIRED_KEPT_MS = 48 * 60 * 60 * 1_000;
/** Keys that are kept at most, the newest: so many meet where the date jumps or no process runs a day. */
export const KEY_GENERATIONS_MAX = 16;
/** How often the node asks whether a key is due. */
export const KEY_CHECK_EVERY_MS = 60 * 60 * 1_000;

/** Records of one file that wait for the disk; one more is refused, and whoever asked is told. */
export const JOURNAL_PENDING_MAX = 20_000;
/** Reports that wait for the store to take them; one more is refused, and the page keeps it. */
export const WAITING_REPORTS_MAX = 5_000;
/** A file of them that is so long makes way for the other one, so that it can run empty. */
export const WAITING_FILE_BYTES = 1024 * 1024;
/** How long a file of the journal rests after a flush, so that what comes meanwhile shares the next one. */
export const JOURNAL_REST_MS = 40;
/** How often the journal lets go of what is too old; of what somebody had erased, with the next housekeeping. */
export const JOURNAL_COMPACTED_EVERY_MS = 24 * 60 * 60_000;
/** Bytes that one write takes to the disk. */
export const JOURNAL_BATCH_BYTES_MAX = 1024 * 1024;

/** The address of the source code, which goes out with every session ticket. */
export const SOURCE_URL_CHARS_MAX = 1_000;

/** Who runs this server, and where to reach them: both stand on every page. */
export const OPERATOR_NAME_CHARS_MAX = 80;
export const OPERATOR_CONTACT_CHARS_MAX = 1_000;
/** Where somebody listens; and all of a list of such places, by country. */
export const HELP_LINES_CHARS_MAX = 1_000;
export const HELP_LINES_LIST_CHARS_MAX = 4_000;

/** What an operator says of the law that they keep pictures under. */
export const EVIDENCE_WORDS_CHARS_MAX = 200;
/** Reports of one network that pictures may follow within a minute… */
export const PICTURE_UPLOADS_PER_MINUTE = 30;
/** …and those that are taken at one time, of all and of one network: each is held in memory whole. */
export const PICTURE_UPLOADS_AT_ONCE = 64;
export const PICTURE_UPLOADS_OF_NETWORK_AT_ONCE = 8;
/** Files of pictures of which one look asks whether anybody may still open them. */
export const PICTURES_SWEPT_AT_ONCE = 200;
/**
 * A file that the store knows nothing of is removed when it is as old. It may be one that is being taken;
 * or the store may be the wrong one, as after a mistake in the settings, and there is time to see it. What
 * may not be kept any longer opens with no key from the moment on that it may not.
 */
export const PICTURES_SWEPT_AFTER_MS = 7 * 24 * 60 * 60_000;

/** The version of the rules that people agree to on the page. */
export const POLICY_VERSION = 1;

/** Networks whose wrong attempts to sign in are remembered. */
export const ATTEMPT_NETWORKS_MAX = 10_000;
/** Requests to the console in each minute of one network. */
export const CONSOLE_REQUESTS_MAX = 1_200;
/** Networks of which that is counted, before those that were quiet are forgotten. */
export const CONSOLE_BUCKETS_SWEPT = 1_000;
/** Passwords that wait to be hashed or compared; each takes a fifth of a second and 64 MiB. */
export const PASSWORDS_WAITING_MAX = 20;
