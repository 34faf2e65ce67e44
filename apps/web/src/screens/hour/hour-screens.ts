export { loadHour } from '@farandole/ui/hour-locales';
export { BellBanner } from './bell-banner.tsx';
export { HourCard } from './hour-card.tsx';
export { HourWait } from './hour-wait.tsx';
