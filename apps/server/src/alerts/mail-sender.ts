import type { Transporter } from 'nodemailer';
import type { MailFrom } from '../config/alert-settings.ts';
import { MAIL_TIMEOUT_MS } from '../limits.ts';
import { isLoopbackName } from '../net/loopback-name.ts';
import { codeOf } from '../start-error.ts';
import { alertMail } from './alert-mail.ts';
import type { AlertSender, OutgoingAlert } from './alert-sender.ts';

export interface MailSenderParts {
  readonly smtpUrl: string;
  readonly from: MailFrom;
  /** Name of the service, for the subject. */
  readonly service: string;
}

/** Sends alerts by mail. The mail library is imported with the first mail. */
export class MailSender implements AlertSender {
  readonly channel = 'mail';
  readonly #parts: MailSenderParts;
  #transport: Promise<Transporter> | null = null;

  constructor(parts: MailSenderParts) {
    this.#parts = parts;
  }

  async send(outgoing: OutgoingAlert, to: string | null): Promise<string | null> {
    const { smtpUrl, from, service } = this.#parts;
    try {
      const transport = await (this.#transport ??= openTransport(smtpUrl));
      const { subject, text } = alertMail(outgoing, service);
      await transport.sendMail({
        ...{ from, to: to ?? '', subject, text },
        // The same message has the same id when it is repeated, so mailboxes show it once.
        messageId: `<${outgoing.id}@farandole.invalid>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return null;
    } catch (error) {
      return problemOf(error);
    }
  }
}

async function openTransport(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  return createTransport({
    host: hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // Without TLS, others on the way could read the password and the alerts.
    requireTLS: !secure && !isLoopbackName(hostname),
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
    connectionTimeout: MAIL_TIMEOUT_MS,
    greetingTimeout: MAIL_TIMEOUT_MS,
    socketTimeout: MAIL_TIMEOUT_MS,
  });
}

/** Returns a short reason without the server's text, which may contain addresses. */
function problemOf(error: unknown): string {
  const { responseCode } = (error ?? {}) as { readonly responseCode?: unknown };
  if (typeof responseCode === 'number') return `SMTP ${responseCode}`;
  return codeOf(error) ?? 'failed';
}
