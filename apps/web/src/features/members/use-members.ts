import type { Member } from '@labelyard/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { memberListQuery } from './member-queries';

/** Pages of members that are read to know their names; those beyond are found by searching. */
const MOST_PAGES = 10;

/** Members of a project, as many as can be kept in mind. */
export function useMembers(projectId: number): readonly Member[] {
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(memberListQuery(projectId));
  const pages = data?.pages ?? [];
  useEffect(() => {
    if (hasNextPage && !isFetching && pages.length < MOST_PAGES) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, pages.length]);
  return pages.flatMap((page) => page.items);
}

export function memberName({ user, user_id }: Pick<Member, 'user' | 'user_id'>): string {
  return user?.full_name || user?.email || user_id;
}
