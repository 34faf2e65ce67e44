import '../../styles/later.css';
import '../../styles/more.css';
import { t } from '../../i18n/words.ts';
import { LETTERS } from '../../keyboard/keys.ts';
import { openSheet } from '../../keyboard/open-sheet.ts';
import { useApp } from '../app-context.ts';
import { Sheet } from './sheet.tsx';

const LETTER_ENTRIES = Object.entries(LETTERS);

export function ShortcutList() {
  const app = useApp();
  const { letterKeys, reactions } = app.settings.preferences.value;
  return (
    <Sheet
      title={t('shortcuts.title')}
      onClose={() => {
        if (openSheet.peek() === 'shortcuts') openSheet.value = null;
      }}
    >
      <dl class="keys">
        <Key name={t('shortcuts.escape')} does={t('shortcuts.does.escape')} />
        <Key name={t('shortcuts.enter')} does={t('shortcuts.does.message')} />
        {letterKeys &&
          LETTER_ENTRIES.flatMap(([letter, action]) => {
            if (action === 'wave' && !reactions) return [];
            const name = letter.toUpperCase();
            const does = <Key key={letter} name={name} does={t(`shortcuts.does.${action}`)} />;
            if (action !== 'report') return does;
            const held = t('shortcuts.held', { key: name });
            return [does, <Key key="held" name={held} does={t('shortcuts.does.hold')} />];
          })}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={letterKeys}
          onChange={(event) => app.settings.set({ letterKeys: event.currentTarget.checked })}
        />
        <span>{t('shortcuts.letters')}</span>
      </label>
      <p class="hint">{t('shortcuts.lettersWhy')}</p>
    </Sheet>
  );
}

function Key({ name, does }: { name: string; does: string }) {
  return (
    <div>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
