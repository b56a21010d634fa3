import type { ReactNode } from 'react';

/** Above the open image: what stands in the way of working on it, and what can be done about that. */
export function ImageBanner({
  role,
  testId,
  icon,
  title,
  detail,
  action,
}: {
  /** `alert` for what just happened, `status` for what is so. */
  role: 'alert' | 'status';
  testId: string;
  icon: ReactNode;
  title: ReactNode;
  detail: ReactNode;
  action: ReactNode;
}) {
  return (
    <div
      role={role}
      data-testid={testId}
      className="absolute inset-x-0 top-0 z-10 flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-surface px-3 py-2 text-sm"
    >
      {icon}
      <p className="min-w-0 flex-1">
        <span className="font-medium">{title}</span> <span className="text-muted">{detail}</span>
      </p>
      {action}
    </div>
  );
}
