export type ScreenName =
  | 'landing'
  | 'rules'
  | 'age-refused'
  | 'green-room'
  | 'waiting'
  | 'call-video'
  | 'call-text'
  | 'ended'
  /** Another tab of this person took over. */
  | 'elsewhere'
  /** No WebSocket here: nothing of the page can work. */
  | 'unsupported'
  /** The page is older or newer than the server: load it again. */
  | 'outdated'
  /** This person may not use the server. */
  | 'sanctioned'
  | 'fault';
