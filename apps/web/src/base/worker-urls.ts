import { LANGUAGE_TAGS } from '@farandole/ui/locales';
