/**
 * Bounds of the signalling filter, besides the protocol's `SDP_CHARS_MAX` and
 * `CANDIDATE_CHARS_MAX`, which its output must fit. Each is tested at its value and one over.
 */

/** Lower ports belong to system services; a stranger must not make a browser probe them. */
export const CANDIDATE_PORT_MIN = 1_024;
/** Per side between two ICE restarts. */
export const CANDIDATES_PER_GENERATION_MAX = 32;
/** Server-reflexive addresses per family between two ICE restarts. */
export const SRFLX_PER_FAMILY_MAX = 1;
/** First start and ICE restarts per side of a match. */
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
/** Length of an SDP line without the line end. */
export const SDP_LINE_CHARS_MAX = 1_024;
export const SDP_MEDIA_LINES_MAX = 3;
