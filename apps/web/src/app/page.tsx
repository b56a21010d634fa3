import { redirect } from 'next/navigation';
import { HOME_PATH } from '@/http/return-path';

export default function Home() {
  redirect(HOME_PATH);
}
