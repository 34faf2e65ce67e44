export type ScreenName =
  | 'landing'
  | 'rules'
  | 'age-refused'
  | 'green-room'
  | 'waiting'
  | 'call-video'
  | 'call-text'
  | 'ended'
  /** The user opened the site in another tab, which took over. */
  | 'elsewhere'
  /** The browser has no WebSocket, without which nothing works. */
  | 'unsupported'
  /** The versions of page and server differ, so the page must be reloaded. */
  | 'outdated'
  /** The user is banned or suspended. */
  | 'sanctioned'
  | 'fault';
