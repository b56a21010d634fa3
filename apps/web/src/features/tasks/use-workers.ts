import type { Member } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { memberListQuery } from '@/features/members/member-queries';

/** Pages of members that are read for a list to choose from; whoever lies beyond is found through the members page. */
const MOST_PAGES = 10;

/** Members of a project, as many as a list to choose from can show. */
export function useMembers(projectId: number): readonly Member[] {
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(memberListQuery(projectId));
  const pages = data?.pages ?? [];
  useEffect(() => {
    if (hasNextPage && !isFetching && pages.length < MOST_PAGES) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, pages.length]);
  return pages.flatMap((page) => page.items);
}

/** Those of them who may be given work. */
export function useWorkers(projectId: number): readonly Member[] {
  return useMembers(projectId).filter(({ role }) => can(role, 'task.work'));
}

export function memberName({ user, user_id }: Pick<Member, 'user' | 'user_id'>): string {
  return user?.full_name || user?.email || user_id;
}
