import type { Me } from '@labelyard/contract';
import { canSystem } from '@labelyard/domain';
import {
  CircleQuestionMark,
  Construction,
  KeyRound,
  LayoutGrid,
  ListChecks,
  Mail,
  ScrollText,
  UserRoundCog,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';

interface Place {
  readonly name: string;
  readonly path: string;
  readonly icon: LucideIcon;
  /** Left out: everybody. */
  readonly isFor?: (me: Me) => boolean;
}

/** Where everybody works: the bar above every page leads there. */
export const COMMON_PLACES = [
  { name: 'datasets', path: '/datasets', icon: LayoutGrid },
  { name: 'work', path: '/work', icon: ListChecks },
  { name: 'invitations', path: '/invitations', icon: Mail },
] as const satisfies readonly Place[];

/** What the menu of one's account leads to. */
export const ACCOUNT_PLACES = [
  { name: 'account', path: '/account', icon: UserRoundCog, isFor: (me) => me.people_managed },
  {
    name: 'people',
    path: '/admin/people',
    icon: UsersRound,
    isFor: (me) => me.people_managed && canSystem(me.role, 'people.manage'),
  },
  { name: 'audit', path: '/admin/audit', icon: ScrollText, isFor: (me) => canSystem(me.role, 'audit.read_all') },
  { name: 'tokens', path: '/admin/tokens', icon: KeyRound, isFor: (me) => canSystem(me.role, 'token.manage_all') },
  {
    name: 'maintenance',
    path: '/admin/maintenance',
    icon: Construction,
    isFor: (me) => canSystem(me.role, 'maintenance.manage'),
  },
  { name: 'permissions', path: '/help/permissions', icon: CircleQuestionMark },
] as const satisfies readonly Place[];

/** Those of `places` that are there for this person. */
export function placesFor<P extends Place>(me: Me, places: readonly P[]): P[] {
  return places.filter(({ isFor }) => isFor?.(me) ?? true);
}
