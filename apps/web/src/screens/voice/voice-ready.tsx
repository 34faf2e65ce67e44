import '../../styles/voice.css';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/words.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { StartsFrom } from './starts-from.tsx';

/**
 * The green room of a voice call. The user tests microphone and speaker, and reads that nobody can
 * check what is said.
 *
 * @param checks the rows for microphone and speaker
 */
export function VoiceReady({
  checks,
  children,
}: {
  checks: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      <Heading>{t('voice.ready')}</Heading>
      <p class="lead">{t('voice.readyLead')}</p>
      <ul class="checks voice-checks">{checks}</ul>
      <p class="note" role="note">
        <Icon name="info" size={20} />
        <span>{t('voice.unproven')}</span>
      </p>
      <StartsFrom />
      {children}
    </>
  );
}
