/**
 * Every bound of the signalling filter, beside `SDP_CHARS_MAX` and `CANDIDATE_CHARS_MAX`, which are
 * the protocol's: what the filter writes must fit the message that carries it on. Each is tested at
 * its value and one over.
 */

/** Ports below belong to a machine's services, which no stranger may make a browser knock at. */
export const CANDIDATE_PORT_MIN = 1_024;
/** Candidates let through for one side between two ICE restarts. */
export const CANDIDATES_PER_GENERATION_MAX = 32;
/** Server-reflexive addresses of one family let through between two ICE restarts. */
export const SRFLX_PER_FAMILY_MAX = 1;
/** The first start and every ICE restart of one side of one match. */
export const ICE_GENERATIONS_PER_MATCH_MAX = 32;
/** `foundation` of RFC 8839, section 5.1. */
export const FOUNDATION_CHARS_MAX = 32;
/** `priority` of RFC 8445, section 5.1.2. */
export const PRIORITY_MAX = 2 ** 31 - 1;
/** `network-cost` of libwebrtc, `kNetworkCostMax` in its `network_constants.h`. */
export const NETWORK_COST_MAX = 999;
/** `ice-ufrag` of RFC 8839, section 5.4. */
export const UFRAG_CHARS_MIN = 4;
export const UFRAG_CHARS_MAX = 256;
/** `ice-pwd` of RFC 8839, section 5.4. */
export const ICE_PASSWORD_CHARS_MIN = 22;
export const ICE_PASSWORD_CHARS_MAX = 256;
/** One line of a description, without its line end. */
export const SDP_LINE_CHARS_MAX = 1_024;
/** Audio, video and data. */
export const SDP_MEDIA_LINES_MAX = 3;
