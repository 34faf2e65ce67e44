export type ScreenName =
  | 'landing'
  | 'rules'
  | 'age-refused'
  | 'green-room'
  | 'waiting'
  | 'call-video'
  | 'call-text'
  | 'ended'
  /** The user opened the site in another tab, which took over the session. */
  | 'elsewhere'
  /** The browser has no WebSocket, without which the page can't work. */
  | 'unsupported'
  /** The page and the server have different versions, so the page must be reloaded. */
  | 'outdated'
  /** The user is banned or suspended. */
  | 'sanctioned'
  | 'fault';
