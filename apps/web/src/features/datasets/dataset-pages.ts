import type { Action } from '@labelyard/domain';
import {
  FileInput,
  GitCommitVertical,
  History,
  Images,
  ListChecks,
  PackageOpen,
  Settings,
  ShieldCheck,
  Tags,
  Users,
  type LucideIcon,
} from 'lucide-react';

/** The pages of a dataset in the order of its tabs, below `/datasets/{id}`, each for those who may do what it is for. */
export const DATASET_PAGES = [
  { name: 'images', path: '', needs: 'image.read', icon: Images },
  { name: 'tasks', path: '/tasks', needs: 'task.read', icon: ListChecks },
  { name: 'review', path: '/review', needs: 'annotation.read', icon: ShieldCheck },
  { name: 'classes', path: '/classes', needs: 'class.read', icon: Tags },
  { name: 'members', path: '/members', needs: 'member.read', icon: Users },
  { name: 'imports', path: '/imports', needs: 'import.create', icon: FileInput },
  { name: 'exports', path: '/exports', needs: 'export.read', icon: PackageOpen },
  { name: 'versions', path: '/versions', needs: 'version.read', icon: GitCommitVertical },
  { name: 'activity', path: '/activity', needs: 'history.read', icon: History },
  { name: 'settings', path: '/settings', needs: 'project.update', icon: Settings },
] as const satisfies readonly { name: string; path: string; needs: Action; icon: LucideIcon }[];

export type DatasetPageName = (typeof DATASET_PAGES)[number]['name'];
