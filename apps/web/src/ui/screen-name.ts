export type ScreenName =
  | 'landing'
  | 'rules'
  | 'age-refused'
  | 'green-room'
  | 'waiting'
  | 'call-video'
  | 'call-text'
  | 'ended'
  /** Another tab of this user took over. */
  | 'elsewhere'
  /** Without WebSocket nothing works. */
  | 'unsupported'
  /** Page and server versions differ: reload. */
  | 'outdated'
  /** The user is banned or suspended. */
  | 'sanctioned'
  | 'fault';
