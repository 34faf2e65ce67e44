export interface CandidatePair {
  readonly local: string;
  readonly remote: string;
  readonly remoteAddresses: readonly string[];
}

/** What a connected page sends of one kind. */
export interface Sent {
  readonly label: string;
  /** Width of the encoded video, or null if it is unknown. */
  readonly width: number | null;
  readonly bitrateMax: number | null;
  readonly framesPerSecondMax: number | null;
  readonly scaledDownBy: number;
}

declare global {
  interface Window {
    connectedPairs(): Promise<CandidatePair[]>;
    everyPair(): Promise<string[]>;
    heardEnergy(): Promise<number>;
    sentOf(kind: 'audio' | 'video'): Promise<Sent | null>;
    mediaNow(): Promise<string[]>;
  }
}

/** Runs in the page before the page's own code. Records the page's peer connections. */
export function countConnections(): void {
  const connections: RTCPeerConnection[] = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  const statsOf = async (
    connection: RTCPeerConnection,
  ): Promise<ReadonlyMap<string, Record<string, unknown>>> => {
    const report = await connection.getStats();
    const byId = new Map<string, Record<string, unknown>>();
    report.forEach((entry: Record<string, unknown>) => byId.set(String(entry['id']), entry));
    return byId;
  };
  window.heardEnergy = async () => {
    let energy = 0;
    for (const connection of connections) {
      for (const entry of (await statsOf(connection)).values()) {
        const isSound = entry['type'] === 'inbound-rtp' && entry['kind'] === 'audio';
        if (isSound) energy += Number(entry['totalAudioEnergy'] ?? 0);
      }
    }
    return energy;
  };
  window.sentOf = async (kind) => {
    const connected = connections.find(({ connectionState }) => connectionState === 'connected');
    const sender = connected?.getSenders().find(({ track }) => track?.kind === kind);
    if (connected === undefined || sender === undefined) return null;
    const [encoding] = sender.getParameters().encodings;
    const outbound = [...(await statsOf(connected)).values()].find(
      (entry) => entry['type'] === 'outbound-rtp' && entry['kind'] === kind,
    );
    return {
      label: sender.track?.label ?? '',
      width: Number(outbound?.['frameWidth'] ?? 0) || null,
      bitrateMax: encoding?.maxBitrate ?? null,
      framesPerSecondMax: encoding?.maxFramerate ?? null,
      scaledDownBy: encoding?.scaleResolutionDownBy ?? 1,
    };
  };
  window.mediaNow = async () => {
    const media = new Set<string>();
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      for (const entry of (await statsOf(connection)).values()) {
        const kind = String(entry['kind']);
        if (entry['type'] === 'outbound-rtp') media.add(`sends ${kind}`);
        if (entry['type'] === 'inbound-rtp') media.add(`receives ${kind}`);
      }
      for (const { receiver, currentDirection } of connection.getTransceivers()) {
        if (currentDirection !== 'stopped') media.add(`line of ${receiver.track.kind}`);
      }
    }
    return [...media].sort();
  };
  window.everyPair = async () => {
    const lines: string[] = [];
    for (const [at, connection] of connections.entries()) {
      if (connection.connectionState === 'closed') continue;
      const byId = await statsOf(connection);
      const endOf = (id: unknown): string => {
        const { candidateType, protocol, address, port, networkType, priority } =
          byId.get(String(id)) ?? {};
        return [candidateType, protocol, address, port, networkType, priority].join(' ');
      };
      const entries = [...byId.values()];
      const transport = entries.find((entry) => entry['type'] === 'transport');
      lines.push(`connection ${at}: ${JSON.stringify(transport)}`);
      for (const entry of entries) {
        if (entry['type'] !== 'candidate-pair') continue;
        const { localCandidateId, remoteCandidateId, ...rest } = entry;
        lines.push(
          `${endOf(localCandidateId)} – ${endOf(remoteCandidateId)} ${JSON.stringify(rest)}`,
        );
      }
    }
    return lines;
  };
  window.connectedPairs = async () => {
    const pairs: CandidatePair[] = [];
    for (const connection of connections) {
      if (connection.connectionState !== 'connected') continue;
      const byId = await statsOf(connection);
      const entries = [...byId.values()];
      const remoteAddresses = entries
        .filter((entry) => entry['type'] === 'remote-candidate')
        .map(({ address }) => (typeof address === 'string' ? address : ''));
      const transport = entries.find((entry) => entry['type'] === 'transport');
      const pair = byId.get(String(transport?.['selectedCandidatePairId']));
      if (pair === undefined) continue;
      pairs.push({
        local: String(byId.get(String(pair['localCandidateId']))?.['candidateType']),
        remote: String(byId.get(String(pair['remoteCandidateId']))?.['candidateType']),
        remoteAddresses,
      });
    }
    return pairs;
  };
}
