import type messages from '../../messages/en.json';
import type { AppLocale } from './locale';

// Every key and argument is checked by the compiler against the English file.
declare module 'next-intl' {
  interface AppConfig {
    Locale: AppLocale;
    Messages: typeof messages;
  }
}
