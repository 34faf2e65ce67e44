import '../../styles/folded.css';
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { CopyButton } from '../../help/copy-button.tsx';
import { t } from '../../i18n/words.ts';
import { type OwnDataStep, ownDataBy } from '../../report/own-data.ts';
import { useApp } from '../app-context.ts';

const FAULTS: ReadonlySet<OwnDataStep> = new Set([
  'unreachable',
  'crowded',
  'refused',
  'bad-code',
] as const);

/**
 * Lets the user export or erase their data. Erasing needs a second press, after a list of the
 * data that the server keeps.
 */
export function OwnDataRow() {
  const atServer = ownDataBy(useApp().records.askOwnData);
  const { step, code } = atServer.view.value;
  const given = useSignal('');
  const id = useId();
  const erase = useRef<HTMLButtonElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const before = useRef(step);
  useEffect(() => {
    // The button that asked for confirmation has disappeared, so another element takes the focus.
    const answered = before.current === 'sure' && step !== 'sure';
    before.current = step;
    if (answered) (step === 'rest' ? erase : said).current?.focus();
  }, [step]);
  return (
    <div class="settings-row" role="group" aria-labelledby={id}>
      <p id={id}>
        <strong>{t('settings.own.title')}</strong>
      </p>
      <p class="hint">{t('settings.own.hint')}</p>
      <div class="go">
        <button type="button" class="btn small" onClick={() => atServer.save(given.value)}>
          {t('settings.own.save')}
        </button>
        {step !== 'sure' && (
          <button ref={erase} type="button" class="btn small" onClick={() => atServer.wantErased()}>
            {t('settings.own.erase')}
          </button>
        )}
      </div>
      {step === 'sure' && <EraseSure code={given.value} />}
      <p ref={said} tabIndex={-1} class={FAULTS.has(step) ? 'hint bad' : 'hint'} role="status">
        {step !== 'rest' && step !== 'sure' && t(`settings.own.step.${step}`)}
      </p>
      <details class="folded">
        <summary>{t('settings.own.codes')}</summary>
        <div class="settings-row">
          <p class="hint">{t('settings.own.codesHint')}</p>
          {code === null ? (
            <button type="button" class="btn small" onClick={() => atServer.showCode()}>
              {t('settings.own.showCode')}
            </button>
          ) : (
            <Code code={code} />
          )}
          <div class="field">
            <label for={`${id}-code`}>{t('settings.own.codeOf')}</label>
            <div class="chip-box" aria-invalid={step === 'bad-code'}>
              <input
                id={`${id}-code`}
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                dir="ltr"
                maxLength={160}
                value={given.value}
                onInput={(event) => {
                  given.value = event.currentTarget.value;
                }}
              />
            </div>
          </div>
        </div>
      </details>
    </div>
  );
}

function EraseSure({ code }: { code: string }) {
  const atServer = ownDataBy(useApp().records.askOwnData);
  const sure = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => sure.current?.focus(), []);
  return (
    <>
      <div id={id} class="settings-row">
        <p>{t('settings.own.goes')}</p>
        <p>{t('settings.own.stays')}</p>
      </div>
      <div class="go">
        <button
          ref={sure}
          type="button"
          class="btn small danger"
          aria-describedby={id}
          onClick={() => atServer.erase(code)}
        >
          {t('settings.own.eraseSure')}
        </button>
        <button type="button" class="btn small" onClick={() => atServer.keep()}>
          {t('settings.own.keep')}
        </button>
      </div>
    </>
  );
}

function Code({ code }: { code: string }) {
  return (
    <>
      <p class="own-code" dir="ltr" translate={false}>
        {code}
      </p>
      <CopyButton
        text={code}
        label={t('settings.own.copyCode')}
        copied={t('settings.own.codeCopied')}
        notCopied={t('settings.own.codeNotCopied')}
        size="small"
      />
    </>
  );
}
