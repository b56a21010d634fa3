'use client';

import type { Dataset, LabelClass } from '@labelyard/contract';
import { can, type TaskType } from '@labelyard/domain';
import { TOOL_IDS, TOOLS } from '@labelyard/editor';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api } from '@/api';
import { useEditor, useEditorPart } from './use-session';

const NONE: readonly LabelClass[] = [];

/** The task at hand, its classes, and the editor told of both. A tool belongs to a task: picking it brings the task. */
export function useTask(dataset: Dataset, first: TaskType, locked: boolean) {
  const editor = useEditor();
  const [task_type, setTaskType] = useState(first);
  const { data } = useQuery({
    queryKey: ['classes', dataset.project_id],
    queryFn: ({ signal }) => api('classes.list', { params: { project_id: dataset.project_id } }, { signal }),
  });
  const all = data?.items ?? NONE;
  const classes = useMemo(() => all.filter((item) => item.task_type === task_type), [all, task_type]);

  useEffect(() => editor.setTaskTypes(dataset.task_types), [editor, dataset.task_types]);
  const readonly = can(dataset.role, 'annotation.update') ? (locked ? 'locked' : null) : 'role';
  useEffect(() => editor.setReadonly(readonly), [editor, readonly]);
  useEffect(() => editor.setMayEditVerified(can(dataset.role, 'annotation.edit_verified')), [editor, dataset.role]);
  useEffect(() => {
    editor.setActiveTaskType(task_type);
    editor.setClasses(classes);
  }, [editor, task_type, classes]);

  const toolTask = TOOLS[useEditorPart((snapshot) => snapshot.tool)].task_type;
  if (toolTask && toolTask !== task_type) setTaskType(toolTask);

  /** A drawing tool in the hand is exchanged for the one of the new task. */
  const changeTask = useCallback(
    (next: TaskType) => {
      if (!editor.mayLeave()) return;
      const tool = TOOL_IDS.find((id) => TOOLS[id].task_type === next);
      if (tool && TOOLS[editor.tool].task_type !== null) editor.setTool(tool);
      setTaskType(next);
    },
    [editor],
  );

  return { task_type, changeTask, classes, allClasses: all };
}
