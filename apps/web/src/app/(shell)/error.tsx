'use client';

export { PageError as default } from '@/features/navigation/page-error';
