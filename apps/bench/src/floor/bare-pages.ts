import { once } from 'node:events';
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The baseline of `first-frame` is a static page and a relay that forwards every frame. It has
 * no session, rule, check or cover. Like a sensible plain page it opens camera and socket and
 * fetches TURN credentials before the match. Then it makes one bundled connection, trickles
 * candidates and plays into a muted element. Unlike our page it makes no connection before the
 * match.
 */
export interface BarePages {
  readonly url: string;
  /**
   * Tells both pages in the same event-loop turn that they are matched. The page that connected
   * first makes the offer.
   */
  go(): void;
  stop(): Promise<void>;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title><script src="/bare.js"></script>`;

/** Runs in the browser's page. The clock starts when \`go\` arrives. */
const SCRIPT = `
const socket = new WebSocket(location.origin.replace('http', 'ws'));
const send = (value) => socket.send(JSON.stringify(value));
window.ready = Promise.all([
  navigator.mediaDevices.getUserMedia(CONSTRAINTS),
  new Promise((resolve) => { socket.onopen = resolve; }),
]).then(([stream]) => { window.stream = stream; });
window.firstFrame = new Promise((resolve) => {
  let connection;
  let queue = Promise.resolve();
  const begin = (offers, startedAt) => {
    connection = new RTCPeerConnection(CONFIGURATION);
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
    connection.onicecandidate = ({ candidate }) => { if (candidate) send({ candidate }); };
    connection.ontrack = ({ track, streams }) => {
      if (track.kind !== 'video') return;
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = streams[0];
      video.requestVideoFrameCallback(() => resolve(performance.now() - startedAt));
      void video.play();
    };
    if (offers) queue = connection.setLocalDescription().then(() => send({ description: connection.localDescription }));
  };
  socket.onmessage = ({ data }) => {
    const startedAt = performance.now();
    const { go, description, candidate } = JSON.parse(data);
    if (go) begin(go === 'offerer', startedAt);
    if (description) queue = queue.then(async () => {
      await connection.setRemoteDescription(description);
      if (description.type !== 'offer') return;
      await connection.setLocalDescription();
      send({ description: connection.localDescription });
    });
    if (candidate) queue = queue.then(() => connection.addIceCandidate(candidate));
  };
});
`;

export interface BareOptions {
  /** Both pages use the same constraints, so that both encode the same video. */
  readonly constraints: MediaStreamConstraints;
  readonly iceServers: readonly RTCIceServer[];
  readonly policy: RTCIceTransportPolicy;
}

export async function startBarePages(options: BareOptions): Promise<BarePages> {
  const { constraints, iceServers, policy } = options;
  const configuration = {
    iceServers,
    iceTransportPolicy: policy,
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
  };
  const script = SCRIPT.replace('CONSTRAINTS', JSON.stringify(constraints)).replace(
    'CONFIGURATION',
    JSON.stringify(configuration),
  );
  const server = createServer((request, response) => {
    const isScript = request.url === '/bare.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : PAGE);
  });
  const relay = new WebSocketServer({ server });
  let pair: WebSocket[] = [];
  relay.on('connection', (socket) => {
    pair.push(socket);
    socket.on('message', (data, isBinary) => {
      for (const other of pair) if (other !== socket) other.send(data, { binary: isBinary });
    });
    socket.on('close', () => {
      pair = pair.filter((other) => other !== socket);
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://localhost:${address.port}`,
    go: () => {
      if (pair.length !== 2) throw new Error(`two pages are needed, ${pair.length} are there`);
      for (const [index, socket] of pair.entries()) {
        socket.send(JSON.stringify({ go: index === 0 ? 'offerer' : 'answerer' }));
      }
    },
    stop: async () => {
      for (const socket of relay.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
