/**
 * Every bound that both sides of the wire must agree on. Each is tested at its value and one over.
 *
 * Characters are UTF-16 code units, as `String.length` and a text box's `maxlength` count them,
 * wherever our own code measures. The schemas count code points, so a text of rare characters that
 * only a schema bounds may have up to twice as many units.
 */

/** A frame from a client; the transport closes above it before it is decoded. */
export const CLIENT_FRAME_BYTES_MAX = 16 * 1024;
/** A session description. It has to fit a frame, where each line's CR and LF take four bytes. */
export const SDP_CHARS_MAX = 15_000;
/** One line of an ICE candidate. */
export const CANDIDATE_CHARS_MAX = 512;
/** One line of chat. */
export const LINE_CHARS_MAX = 1_000;
/**
 * What the decoder lets through as a line of chat: longer than a line may be, so that a client that
 * errs is answered in words (`chat.refused`) and not by a closed socket.
 */
export const LINE_CHARS_DECODED_MAX = 4_000;
/** Interests of one ticket. */
export const INTERESTS_MAX = 5;
/** What the decoder lets through as one interest, before it is normalised and measured. */
export const INTEREST_CHARS_DECODED_MAX = 128;
/** Languages that one person says they speak. */
export const LANGUAGES_MAX = 5;
/** A BCP 47 tag. */
export const LANGUAGE_CHARS_MAX = 35;
/** A sealed token: ticket, resume secret, receipt. */
export const TOKEN_CHARS_MAX = 1_024;
/** A proof that `hello` reserves room for (work done, age shown). */
export const PROOF_CHARS_MAX = 4_096;
/** Lines that one report may open. */
export const REPORT_LINES_MAX = 40;
/** Characters of text in all the lines of one report: what fits a frame whatever the script. */
export const REPORT_TEXT_BYTES_MAX = 8 * 1024;
/** The words that a reporter may add. */
export const REPORT_NOTE_CHARS_MAX = 500;

/** Pictures that may go with one report. */
export const REPORT_PICTURES_MAX = 20;
/** Bytes of one of them… */
export const PICTURE_BYTES_MAX = 16 * 1024;
/** …and of all of them together. */
export const REPORT_PICTURES_BYTES_MAX = 192 * 1024;
/** Pixels along the longer side of one. */
export const PICTURE_SIDE_MAX = 160;
/** How long before the report the oldest may have been taken. */
export const PICTURE_AGO_MS_MAX = 20_000;
/** How long after it was accepted a report may be followed by its pictures. */
export const PICTURES_TOKEN_LIFETIME_MS = 60_000;

/** What a reporter can name a report by. */
export const REPORT_CODE_CHARS_MAX = 32;

/** How long a session outlives a socket that was lost without a close frame. */
export const RESUME_GRACE_MS = 30_000;
/** How long after a node's first accepted hello both sides may present their call receipts. */
export const RESTORE_WINDOW_MS = 30_000;
/** How long a node that is told to stop keeps its calls before it closes every socket. */
export const DRAIN_DEADLINE_MS = 10_000;
/** How long session, call and line receipts verify. */
export const RECEIPT_LIFETIME_MS = 24 * 60 * 60 * 1_000;
/** How long a session ticket waits to be used. */
export const SESSION_TICKET_LIFETIME_MS = 60_000;
/** A socket that has not said a valid hello by then is closed. */
export const HELLO_TIMEOUT_MS = 10_000;

/** While searching or in a call, a client that heard nothing for so long sends `link.ping`. */
export const LINK_PING_AFTER_MS = 2_000;
/** A client that got no answer to a ping by then says "reconnecting" and opens a new socket. */
export const LINK_DEAD_AFTER_MS = 4_000;
/** Either side acknowledges after so many sequenced frames… */
export const ACK_AFTER_FRAMES = 16;
/** …or after so long since the oldest one that is not acknowledged. */
export const ACK_AFTER_MS = 1_000;
/** Sequenced frames that either side keeps until they are acknowledged. */
export const UNACKED_FRAMES_MAX = 256;
/** Bytes (as UTF-16 code units) of those frames. */
export const UNACKED_CHARS_MAX = 128 * 1024;
/** A pause in typing after which "typing" ends by itself. */
export const TYPING_LASTS_MS = 5_000;

/** Reactions of one person… */
export const REACTIONS_MAX = 5;
/** …in this time. */
export const REACTIONS_SPAN_MS = 10_000;

/** UTF-16 units of a moderator's note as it is read; how long it may be, the desk says. */
export const CONSOLE_NOTE_CHARS_MAX = 6_000;
/** UTF-16 units of a house's rules as they are read, in each language; how long they may be, the desk says. */
export const CONSOLE_HOUSE_RULES_CHARS_MAX = 4_000;
/** Networks that one decision keeps out. */
export const CONSOLE_NETWORKS_MAX = 3;

/** How many people come at an hour of the week is their average over some weeks: the new one weighs a share of so many. */
export const HOUSE_WEEKS = 4;
/** An hour counts that was looked at so often, every `HOUSE_LOOK_EVERY_MS`: it may have begun before the process. */
export const HOUSE_LOOKS_MIN = 4;
export const HOUSE_LOOK_EVERY_MS = 5 * 60_000;
/** When most people come is told once each hour of the week was counted so often… */
export const BUSIEST_WEEKS_MIN = 2;
/** …where so many come then, so that nobody shows in it… */
export const BUSIEST_PEOPLE_MIN = 5;
/** …and so many times those of the whole day… */
export const BUSIEST_TIMES_MEAN = 1.25;
/** …by a span of so many hours. */
export const BUSIEST_SPAN_HOURS = 3;
