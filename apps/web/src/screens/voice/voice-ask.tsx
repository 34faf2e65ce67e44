import { t } from '../../i18n/words.ts';
import { Heading } from '../../ui/heading.tsx';

/** Title and lead of the green room for voice while it asks for the microphone. */
export function VoiceAsk({ asking }: { asking: boolean }) {
  return (
    <>
      <Heading>{t('voice.ask')}</Heading>
      <p class="lead">{t(asking ? 'greenRoom.asking' : 'voice.askLead')}</p>
    </>
  );
}
