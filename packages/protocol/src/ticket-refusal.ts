import Type from 'typebox';

/** Why a node refuses a search. */
export const TicketRefusal = Type.Enum([
  'age-required',
  'policy-changed',
  'bad-interest',
  'bad-language',
  'bad-offer',
  'already-searching',
  'in-a-call',
  'too-fast',
  'server-moving',
  'pool-full',
  /** The store didn't answer in time, so the node doesn't know whom the user may meet. */
  'server-busy',
  /** The private meeting has expired, is over, or isn't open to the user. */
  'meeting-over',
  /** The community is closed, or there is none with this name. */
  'community-closed',
  /** The community's rules changed, so the page must show them again. */
  'community-changed',
  /** The community needs a pass, and the user has none that is valid. */
  'community-pass',
  /** The operator offers the mode only in published hours, and none of them begins soon. */
  'closed',
  /** The languages or levels of the exchange are invalid. */
  'bad-exchange',
  /** The server doesn't offer language exchange, or no longer. */
  'exchange-off',
  /** Language exchange is closed for this user. */
  'exchange-closed',
  /** The server doesn't offer the mode, or the mode has no such seat. */
  'not-offered',
  /** Only a proven user may ask a question. */
  'not-proven',
  'bad-question',
  /** The user has asked too many questions lately. */
  'too-many-questions',
]);
