/**
 * Limits of the signalling filter. The filter's output must also fit into the protocol's
 * `SDP_CHARS_MAX` and `CANDIDATE_CHARS_MAX`. Each limit is tested at its value and one above.
 */

/**
 * Lowest port that a candidate may have. Lower ports belong to system services, and a stranger
 * must not make a browser probe them.
 */
export const CANDIDATE_PORT_MIN = 1_024;
/** Maximum number of candidates that one user may send between two ICE restarts. */
export const CANDIDATES_PER_GENERATION_MAX = 32;
/**
 * Maximum number of server-reflexive addresses per user and address family between two ICE
 * restarts.
 */
export const SRFLX_PER_FAMILY_MAX = 1;
/** Maximum number of ICE starts per user and match: the first start and all restarts. */
export const ICE_GENERATIONS_PER_MATCH_MAX = 32;
/** Maximum length of a candidate's `foundation` (RFC 8839, section 5.1). */
export const FOUNDATION_CHARS_MAX = 32;
/** Maximum `priority` of a candidate (RFC 8445, section 5.1.2). */
export const PRIORITY_MAX = 2 ** 31 - 1;
/** Maximum `network-cost` of libwebrtc: `kNetworkCostMax` in its `network_constants.h`. */
export const NETWORK_COST_MAX = 999;
/** Length of `ice-ufrag` (RFC 8839, section 5.4). */
export const UFRAG_CHARS_MIN = 4;
export const UFRAG_CHARS_MAX = 256;
/** Length of `ice-pwd` (RFC 8839, section 5.4). */
export const ICE_PASSWORD_CHARS_MIN = 22;
export const ICE_PASSWORD_CHARS_MAX = 256;
/** Maximum length of an SDP line without its line end. */
export const SDP_LINE_CHARS_MAX = 1_024;
export const SDP_MEDIA_LINES_MAX = 3;
