/**
 * Limits that client and server share. Tests check each limit at its value and one above. A name
 * with `CHARS` counts UTF-16 code units, as `String.length` and `maxlength` do. Schemas count
 * code points, so a text that only a schema limits may have twice as many code units.
 */

/**
 * Maximum size of a client's frame. The transport closes the socket before decoding a larger
 * frame.
 */
export const CLIENT_FRAME_BYTES_MAX = 16 * 1024;
/**
 * Maximum length of an SDP. It must fit into a frame, in which each line's CR and LF take four
 * bytes.
 */
export const SDP_CHARS_MAX = 15_000;
export const CANDIDATE_CHARS_MAX = 512;
export const LINE_CHARS_MAX = 1_000;
/**
 * The decoder's limit for a chat line. It is higher than `LINE_CHARS_MAX`, so that a faulty
 * client gets `chat.refused` instead of a close.
 */
export const LINE_CHARS_DECODED_MAX = 4_000;
export const QUESTION_CHARS_MAX = 140;
/** The decoder's limit for a question, so that a faulty client gets `ticket.refused`. */
export const QUESTION_CHARS_DECODED_MAX = 4_000;
/** Maximum number of questions that one user may ask in `QUESTIONS_SPAN_MS`. */
export const QUESTIONS_MAX = 5;
export const QUESTIONS_SPAN_MS = 60 * 60 * 1_000;
export const INTERESTS_MAX = 5;
/** The decoder's limit for an interest before normalization. */
export const INTEREST_CHARS_DECODED_MAX = 128;
export const LANGUAGES_MAX = 5;
export const LANGUAGE_CHARS_MAX = 35;
export const TOKEN_CHARS_MAX = 1_024;
/** Maximum number of entries in the list of ICE servers: one for STUN and one for TURN. */
export const ICE_SERVERS_MAX = 2;
export const ICE_URLS_MAX = 64;
export const ICE_URL_CHARS_MAX = 512;
export const ICE_CREDENTIAL_CHARS_MAX = 128;
export const PROOF_CHARS_MAX = 4_096;
export const REPORT_LINES_MAX = 40;
/**
 * Maximum UTF-8 bytes of all chat lines in a report. A report of this size fits into one
 * WebSocket frame, whatever writing system the lines use.
 */
export const REPORT_TEXT_BYTES_MAX = 8 * 1024;
export const REPORT_NOTE_CHARS_MAX = 500;

export const REPORT_PICTURES_MAX = 20;
export const PICTURE_BYTES_MAX = 16 * 1024;
/** Maximum total size of the pictures of one report, in bytes. */
export const REPORT_PICTURES_BYTES_MAX = 192 * 1024;
export const PICTURE_SIDE_MAX = 160;
/** Maximum age of a picture when the report is sent. */
export const PICTURE_AGO_MS_MAX = 20_000;
/** Time after the report was accepted in which its pictures can be uploaded. */
export const PICTURES_TOKEN_LIFETIME_MS = 60_000;

export const REPORT_CODE_CHARS_MAX = 32;

/** How long a session can be resumed after its socket was lost without a close frame. */
export const RESUME_GRACE_MS = 30_000;
/**
 * Time after a node's first accepted hello message in which both users of a call can present
 * their receipts to restore the call.
 */
export const RESTORE_WINDOW_MS = 30_000;
/** A stopping node closes all sockets after this time. */
export const DRAIN_DEADLINE_MS = 10_000;
export const RECEIPT_LIFETIME_MS = 24 * 60 * 60 * 1_000;
export const SESSION_TICKET_LIFETIME_MS = 60_000;
export const HELLO_TIMEOUT_MS = 10_000;

/** A client that is searching or in a call sends `link.ping` after this much silence. */
export const LINK_PING_AFTER_MS = 2_000;
/**
 * Without a reply to its ping for this long, the client shows "reconnecting" and opens a new
 * socket.
 */
export const LINK_DEAD_AFTER_MS = 4_000;
/** The receiver acknowledges after this many sequenced frames. */
export const ACK_AFTER_FRAMES = 16;
/** The receiver acknowledges a sequenced frame at the latest after this time. */
export const ACK_AFTER_MS = 1_000;
/** A page acknowledges along with its next message if a sequenced frame has waited this long. */
export const ACK_ALONG_AFTER_MS = ACK_AFTER_MS / 2;
/** Maximum number of unacknowledged sequenced frames that each side buffers. */
export const UNACKED_FRAMES_MAX = 256;
/** Maximum total length of the buffered, unacknowledged frames, in UTF-16 code units. */
export const UNACKED_CHARS_MAX = 128 * 1024;
export const TYPING_LASTS_MS = 5_000;

/** Maximum of a duration in a session that one node gives to another: two days. */
export const ELAPSED_MS_MAX = 172_800_000;
/** Maximum length of an IP address as text, with an IPv6 zone. */
export const ADDRESS_CHARS_MAX = 64;
/** Maximum length of a name that a node gives to a socket, a network or a question. */
export const NODE_NAME_CHARS_MAX = 160;
export const CREDIT_KINDS_MAX = 32;
/** Maximum number of recent meetings, blocks and reports that move with a session. */
export const PAIR_NOTES_MAX = 64;

export const INVITATION_LIFETIME_MS = 24 * 60 * 60 * 1_000;
/** Two users may ask to meet again after a call of at least this time. */
export const MEET_AGAIN_CALL_MS = 60_000;

/** Maximum number of reactions that one user may send in `REACTIONS_SPAN_MS`. */
export const REACTIONS_MAX = 5;
export const REACTIONS_SPAN_MS = 10_000;

/** Maximum number of cards that one user may put on the table in `CARDS_SPAN_MS`. */
export const CARDS_MAX = 8;
export const CARDS_SPAN_MS = 10_000;
/**
 * The decoder's limits for the languages of an exchange, each list, and for a level. They are higher
 * than those of the matchmaking package, so that a faulty client gets `ticket.refused`.
 */
export const EXCHANGE_LANGUAGES_DECODED_MAX = 8;
export const LEVEL_CHARS_DECODED_MAX = 8;
/** Maximum number of `call.exchange` messages that one user may send in `EXCHANGE_SPAN_MS`. */
export const EXCHANGE_STATES_MAX = 10;
export const EXCHANGE_SPAN_MS = 10_000;
/** Largest number of language switches of a call that a frame can name. */
export const SWITCHES_MAX = 1_000;

/** Largest number of a card in its deck. A deck that is used up starts again. */
export const CARD_AT_MAX = 999;
export const CARD_TURN_MAX = 1_000_000;

/**
 * The decoder's limit for a moderator's note, in UTF-16 code units. The moderation package has a
 * lower one.
 */
export const CONSOLE_NOTE_CHARS_MAX = 6_000;
/**
 * The decoder's limit for the house rules in one language, in UTF-16 code units. The moderation
 * package has a lower one.
 */
export const CONSOLE_HOUSE_RULES_CHARS_MAX = 4_000;
/** How long before an hour users may wait for it. */
export const HOUR_LOBBY_MS = 10 * 60_000;
/** Decoder's limits for published hours. The moderation package has lower ones. */
export const CONSOLE_HOUR_TEXT_CHARS_MAX = 100;
export const CONSOLE_HOURS_MAX = 50;
/** Decoder's limits for the rules of alerts. The moderation package has lower ones. */
export const CONSOLE_ALERT_ROTA_MAX = 50;
export const CONSOLE_ALERT_TEXT_CHARS_MAX = 300;
export const CONSOLE_NETWORKS_MAX = 3;
/**
 * The decoder's limits for a community's texts, in UTF-16 code units, and for the number of codes
 * that one request makes. The moderation package has lower ones.
 */
export const CONSOLE_COMMUNITY_TITLE_CHARS_MAX = 240;
export const CONSOLE_COMMUNITY_RULES_CHARS_MAX = 4_000;
export const CONSOLE_COMMUNITY_CODES_MAX = 200;
/** Maximum length of a community's code. */
export const COMMUNITY_CODE_CHARS_MAX = 64;

/** Number of weeks over which the users in each hour of the week are averaged. */
export const HOUSE_WEEKS = 4;
/**
 * Minimum number of samples for an hour to count, because a process may start within an hour. A
 * sample is taken every `HOUSE_SAMPLE_EVERY_MS`.
 */
export const HOUSE_SAMPLES_MIN = 4;
export const HOUSE_SAMPLE_EVERY_MS = 5 * 60_000;
/** The busiest hours are shown only once each hour of the week was counted in this many weeks. */
export const BUSIEST_WEEKS_MIN = 2;
/** Minimum average number of users in the busiest hours, so that no single user is visible. */
export const BUSIEST_PEOPLE_MIN = 5;
export const BUSIEST_TIMES_MEAN = 1.25;
export const BUSIEST_SPAN_HOURS = 3;
/** Number of hours of the week that the console proposes. */
export const PEAKS_MAX = 3;

/** Largest number of mode changes of a call that a frame can name. */
export const STEPS_MAX = 1_000_000;
