'use client';

import type { Editor, EditorSnapshot } from '@labelyard/editor';
import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { OpenProblem } from '../saving/image-outboxes';
import type { Outbox } from '../saving/outbox';
import type { SaveState } from '../saving/save-state';
import type { LabelSession, OpenState } from './label-session';
import { startLabelSession, type StartOptions } from './start-session';

export const SessionContext = createContext<LabelSession | null>(null);

/** The session of the page. Only inside {@link SessionContext}. */
export function useSession(): LabelSession {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession outside of a label session');
  return session;
}

export function useEditor(): Editor {
  return useSession().editor;
}

/** One part of the editor's snapshot; re-renders only when that part changes. */
export function useEditorPart<Part>(select: (snapshot: EditorSnapshot) => Part): Part {
  const editor = useEditor();
  const read = () => select(editor.getSnapshot());
  return useSyncExternalStore(editor.subscribe, read, read);
}

export function useOpenState(): OpenState {
  const session = useSession();
  const read = () => session.state;
  return useSyncExternalStore(session.subscribe, read, read);
}

export function useSaveState(): SaveState {
  return useOutboxPart((outbox) => outbox.state);
}

/** Edits that wait for a decision, of every image. */
export function useProblems(): readonly OpenProblem[] {
  return useOutboxPart((outbox) => outbox.problems);
}

function useOutboxPart<Part>(select: (outbox: Outbox) => Part): Part {
  const { outbox } = useSession();
  const subscribe = useCallback((listener: () => void) => outbox.subscribe(listener), [outbox]);
  const read = () => select(outbox);
  return useSyncExternalStore(subscribe, read, read);
}

/** Starts a session for as long as the component lives. Null while the journal is being read. */
export function useLabelSession(options: StartOptions): LabelSession | null {
  const [session, setSession] = useState<LabelSession | null>(null);
  const { user_id, project_id, showBitmap, onJournalError, onConfirmed } = options;
  useEffect(() => {
    let living: LabelSession | null = null;
    let unmounted = false;
    void startLabelSession({ user_id, project_id, showBitmap, onJournalError, onConfirmed }).then((started) => {
      if (unmounted) return started.close();
      living = started;
      setSession(started);
    });
    return () => {
      unmounted = true;
      living?.close();
      setSession(null);
    };
  }, [user_id, project_id, showBitmap, onJournalError, onConfirmed]);
  return session;
}
