'use client';

import { EXPORT_FORMATS, type Activity } from '@labelyard/contract';
import { ROLES, TASK_TYPES, type Role, type TaskType } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

/** Events that have words of their own; the others are told by their names. */
const TOLD = [
  'dataset.create',
  'dataset.update',
  'class.create',
  'class.update',
  'class.delete',
  'class.reorder',
  'image.upload',
  'image.delete',
  'image.restore',
  'image.overwrite',
  'image.split',
  'image.confirm',
  'image.unconfirm',
  'upload.create',
  'export.create',
  'import.complete',
  'import.undo',
  'member.add',
  'member.update',
  'member.remove',
  'member.leave',
  'task.create',
  'task.split',
  'task.split_cancel',
  'task.update',
  'task.delete',
  'task.release',
  'task.images',
  'lock.force',
  'restore.person',
  'restore.version',
  'version.publish',
  'version.delete',
] as const;
type Told = (typeof TOLD)[number];
/** `image.upload` as the message file spells it: there, a dot leads one level down. */
type Spelled<Name extends string> = Name extends `${infer Kind}.${infer What}` ? `${Kind}_${What}` : Name;

type Event = Extract<Activity, { kind: 'event' }>;
type Chunk = (chunks: ReactNode) => ReactNode;

/** What was done to the project, in a sentence. */
export function useEventText(): (event: Event, name: string, tags: { who: Chunk; link: Chunk }) => ReactNode {
  const t = useTranslations('activity');
  const roles = useTranslations('roles');
  const types = useTranslations('task_types');
  const formatName = useFormatName();
  return ({ action, details, about, image_path }, name, tags) => {
    const text = (key: string) => (typeof details[key] === 'string' ? details[key] : '');
    const number = (key: string) => (typeof details[key] === 'number' ? details[key] : 0);
    const role = ROLES.find((known): known is Role => known === details.role);
    const type = TASK_TYPES.find((known): known is TaskType => known === details.task_type);
    const values = {
      ...tags,
      name,
      what: text('name'),
      split: text('split'),
      count: number('count'),
      annotations: number('annotations'),
      image: image_path ?? (text('path') || t('image_gone')),
      person: about?.full_name || about?.email || t('unknown'),
      role: role ? roles(role) : '',
      task_type: type ? types(type) : '',
      format: formatName(text('format')),
      number: number('number') || number('version_number'),
      action,
    };
    const told = TOLD.find((known): known is Told => known === action);
    return t.rich(told ? `events.${told.replace('.', '_') as Spelled<Told>}` : 'events.other', values);
  };
}

/** What a format is called: those that are written have other keys than those that are read. */
function useFormatName(): (key: string) => string {
  const read = useTranslations('imports.format_names');
  const written = useTranslations('exports.formats');
  return (key) => {
    const format = EXPORT_FORMATS.find((known) => known === key);
    if (format) return written(`${format}.name`);
    return read.has(key as Parameters<typeof read>[0]) ? read(key as Parameters<typeof read>[0]) : key;
  };
}
