export { NotFoundMessage as default } from '@/features/navigation/not-found-message';
