import type { ConsoleRecoveryCodes, ConsoleSecurity } from '@farandole/protocol/console-sign-in';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Loaded } from '../parts/states.tsx';
import { relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Wrong } from '../sign-in/fields.tsx';
import { NewPasskey } from '../sign-in/new-passkey.tsx';
import { NewPassword, RecoveryCodes } from '../sign-in/new-password.tsx';
import { hasPasskeys } from '../sign-in/passkeys.ts';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { useTask } from '../sign-in/use-task.ts';

interface Part {
  readonly security: ConsoleSecurity;
  readonly reload: () => Promise<void>;
}

export function Security() {
  const model = useConsole();
  const { current, reload } = useLoaded<ConsoleSecurity>('security');
  return (
    <Loaded of={current.value} again={reload}>
      {(security) => {
        const isFresh = model.nowMs.value < security.freshUntilMs;
        const part = { security, reload };
        return (
          <div class="stack narrow">
            {isFresh ? null : <SignInAgain reload={reload} />}
            <Passkeys {...part} isFresh={isFresh} />
            <PasswordPanel {...part} isFresh={isFresh} />
            <Sessions {...part} />
          </div>
        );
      }}
    </Loaded>
  );
}

/**
 * Asks the member to sign in again in the open console, which protects an unattended console
 * from a takeover.
 */
function SignInAgain({ reload }: Pick<Part, 'reload'>) {
  return (
    <Panel title={t('security.again')}>
      <p>{t('security.againText')}</p>
      <SignInForm done={reload} />
    </Panel>
  );
}

function Passkeys({ security, reload, isFresh }: Part & { isFresh: boolean }) {
  const model = useConsole();
  const task = useTask();
  const [isAdding, setAdding] = useState(false);
  const { nowMs } = model;
  const remove = (passkey: string) => task.post('security/remove-passkey', { passkey }, reload);
  return (
    <Panel title={t('security.passkeys')}>
      {security.passkeys.length === 0 ? <p class="soft">{t('security.noPasskeys')}</p> : null}
      <ul class="rows">
        {security.passkeys.map(({ id, label, atMs, usedAtMs }) => (
          <li key={id}>
            <span>
              <strong dir="auto">{label}</strong>
              <span class="soft small">
                {usedAtMs === null
                  ? t('security.made', { time: relative(atMs, nowMs.value) })
                  : t('security.used', { time: relative(usedAtMs, nowMs.value) })}
              </span>
            </span>
            {isFresh ? (
              <button
                type="button"
                class="btn small"
                aria-label={t('security.removeOne', { label })}
                onClick={() => void remove(id)}
              >
                {t('security.remove')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <Wrong problem={task.problem} />
      {isFresh && hasPasskeys() ? (
        isAdding ? (
          <NewPasskey
            at="security/passkey"
            also={{}}
            done={async () => {
              setAdding(false);
              await reload();
            }}
          />
        ) : (
          <button type="button" class="btn" onClick={() => setAdding(true)}>
            {t('security.addPasskey')}
          </button>
        )
      ) : null}
    </Panel>
  );
}

function PasswordPanel({ security, reload, isFresh }: Part & { isFresh: boolean }) {
  const task = useTask();
  const [isSetting, setSetting] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const left = security.recoveryCodesLeft;
  const renew = () =>
    task.post<ConsoleRecoveryCodes>('security/recovery-codes', {}, ({ recoveryCodes }) =>
      setCodes(recoveryCodes),
    );
  const done = async (): Promise<void> => {
    setSetting(false);
    setCodes([]);
    await reload();
  };
  return (
    <Panel title={t('security.password')}>
      <p class="soft">
        {left === null ? t('security.noPassword') : t('security.codesLeft', { count: left })}
      </p>
      {isSetting ? <NewPassword at="security/password" also={{}} done={done} /> : null}
      {codes.length > 0 ? <RecoveryCodes codes={codes} done={done} /> : null}
      <Wrong problem={task.problem} />
      {isFresh && !isSetting && codes.length === 0 ? (
        <div class="actions">
          <button type="button" class="btn" onClick={() => setSetting(true)}>
            {left === null ? t('security.setPassword') : t('security.changePassword')}
          </button>
          {left === null ? null : (
            <button type="button" class="btn" onClick={() => void renew()}>
              {t('security.newCodes')}
            </button>
          )}
        </div>
      ) : null}
    </Panel>
  );
}

function Sessions({ security, reload }: Part) {
  const model = useConsole();
  const task = useTask();
  const end = (session: string) => task.post('security/end-session', { session }, reload);
  return (
    <Panel title={t('security.sessions')}>
      <ul class="rows">
        {security.sessions.map(({ id, way, atMs, isThis }) => (
          <li key={id}>
            <span>
              <strong>{isThis ? t('security.here') : t('security.elsewhere')}</strong>
              <span class="soft small">
                {t(`way.${way}`, { time: relative(atMs, model.nowMs.value) })}
              </span>
            </span>
            {isThis ? null : (
              <button type="button" class="btn small" onClick={() => void end(id)}>
                {t('security.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Wrong problem={task.problem} />
    </Panel>
  );
}

function Panel({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
