import { useEffect, useRef } from 'preact/hooks';
import { t, type WordKey } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { capOf } from '../parts/keys.ts';

type Row = readonly [keys: readonly string[], what: WordKey];

const GROUPS: readonly (readonly [title: WordKey, rows: readonly Row[]])[] = [
  [
    'keys.everywhere',
    [
      [['?'], 'keys.list'],
      [['Escape'], 'keys.back'],
      [['U'], 'keys.undo'],
    ],
  ],
  [
    'keys.queue',
    [
      [['J'], 'keys.next'],
      [['K'], 'keys.previous'],
      [['Enter'], 'keys.enter'],
      [['A'], 'keys.take'],
      [['N'], 'keys.nextPage'],
      [['P'], 'keys.previousPage'],
    ],
  ],
  [
    'keys.case',
    [
      [['A'], 'keys.take'],
      [['1', '…', '7'], 'keys.measure'],
      [['F'], 'keys.finding'],
      [['8'], 'keys.toSenior'],
      [['9'], 'keys.toChildSafety'],
      [['H'], 'keys.imminent'],
      [['N'], 'keys.note'],
      [['Ctrl', 'Enter'], 'keys.decide'],
      [['R'], 'keys.release'],
    ],
  ],
];

export function KeyList() {
  const model = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = model.keysOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = (): void => {
    model.keysOpen.value = false;
  };
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="keys-title" onClose={close}>
      <div class="sheet-head">
        <h2 id="keys-title">{t('keys.title')}</h2>
        <button type="button" class="btn quiet" onClick={close}>
          {t('app.close')}
        </button>
      </div>
      <div class="key-groups">
        {GROUPS.map(([title, rows]) => (
          <section key={title}>
            <h3>{t(title)}</h3>
            <dl class="keys">
              {rows.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (key === '…' ? ' … ' : <kbd key={key}>{capOf(key)}</kbd>))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
