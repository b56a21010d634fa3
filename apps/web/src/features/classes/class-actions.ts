import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { toast } from '@/ui/toast-store';
import { classChanges } from './class-changes';

/** Everything that changes a project's classes; what fails is said. */
export function useClassActions(projectId: number) {
  const errorText = useErrorText();
  const complain = (error: unknown) => {
    const { title, detail } = errorText(error);
    toast.error(title, { detail });
  };
  const changes = classChanges(useQueryClient(), api, projectId, complain);
  return {
    create: useMutation(changes.create),
    update: useMutation(changes.update),
    remove: useMutation(changes.remove),
    reorder: useMutation(changes.reorder),
  };
}
