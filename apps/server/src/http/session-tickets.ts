import type { Budget } from '@farandole/gateway/budget/budget';
import { mintSessionTicket } from '@farandole/gateway/session-ticket';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type SessionId, type SubjectId } from '@farandole/kernel/id';
import type {
  ServerFacts,
  SessionResumesReply,
  SessionTicketReply,
} from '@farandole/protocol/http-api';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import type { NodeSigner } from '../keys/signer.ts';
import { networkOf } from '../net/address-range.ts';
import type { RemoteAddress } from '../net/remote-address.ts';
import type { AppealPagesParts } from './appeal/appeal-pages.ts';
import { createCookie, readCookie, setCookieHeader } from './cookie.ts';
import { readJsonBody } from './json-body.ts';
import { jsonReply } from './json-reply.ts';
import { bodyProblem } from './problem.ts';
import type { ProofOfWork } from './proof-of-work.ts';
import { attemptsFor, proofMsFor, type TicketApplicant } from './proof-price.ts';

export interface SessionTicketsParts {
  readonly signer: NodeSigner;
  readonly clock: Clock;
  readonly facts: () => ServerFacts;
  readonly proofs: Pick<ProofOfWork, 'challenge' | 'accepts'>;
  /** Time in ms that an unknown user's proof of work takes on a phone; 0 for no proofs. */
  readonly proofMs: number;
  /** Budget of tickets. A user over budget gets a ticket after a longer proof of work. */
  readonly tickets: Pick<Budget, 'take'>;
  readonly trustOf: (subject: SubjectId) => Pick<TicketApplicant, 'isProven' | 'harm'>;
  readonly networkSanctionOf: AppealPagesParts['networkSanctionOf'];
  /** Returns the share of the node's sockets that are open, from 0 to 1. */
  readonly load: () => number;
  /** Whether a secret belongs to a live session of the user. */
  readonly canResume: (secret: string, subject: SubjectId) => boolean;
}

/** Gives session tickets, without which no socket opens. */
export class SessionTickets {
  readonly #parts: SessionTicketsParts;

  constructor(parts: SessionTicketsParts) {
    this.#parts = parts;
  }

  async give(
    request: Request,
    cookieHeader: string | undefined,
    { address }: Pick<RemoteAddress, 'address'>,
  ): Promise<Response> {
    const body = await readJsonBody(request);
    if (!body.ok) return bodyProblem(body.reason);
    const { resume, proof, ...others } = body.value;
    const isSecret = resume === undefined || typeof resume === 'string';
    if (!isSecret || Object.keys(others).length > 0) return bodyProblem('bad-request');
    const { signer, canResume, proofs } = this.#parts;
    const known = readCookie(cookieHeader);
    const cookie = known ?? createCookie();
    const subject = signer.subjectOf(cookie);
    if (resume !== undefined && canResume(resume, subject)) {
      return jsonReply({ resumes: true } satisfies SessionResumesReply);
    }
    const network = networkOf(address);
    const isProved = proof !== undefined && (await proofs.accepts(network, proof));
    const proofMs = isProved ? 0 : this.#proofMsFor(subject, address);
    if (proofMs > 0) return jsonReply(await proofs.challenge(network, attemptsFor(proofMs)));
    return jsonReply(this.#replyFor(subject), {
      headers: known === null ? { 'Set-Cookie': setCookieHeader(cookie) } : {},
    });
  }

  #proofMsFor(subject: SubjectId, address: RemoteAddress['address']): number {
    const { tickets, trustOf, networkSanctionOf, load, proofMs } = this.#parts;
    const isNetworkSanctioned = networkSanctionOf(subject, address) !== null;
    const waitMs = tickets.take(address.text);
    return proofMsFor({ ...trustOf(subject), isNetworkSanctioned, waitMs, load: load() }, proofMs);
  }

  #replyFor(subject: SubjectId): SessionTicketReply {
    const { signer, clock, facts } = this.#parts;
    const session = brandId<SessionId>(signer.randomId());
    return {
      ticket: mintSessionTicket(signer, subject, session, clock.wallMs()),
      ticketExpiresInMs: SESSION_TICKET_LIFETIME_MS,
      server: facts(),
    };
  }
}
