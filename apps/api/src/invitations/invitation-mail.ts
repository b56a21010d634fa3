export interface InvitationMail {
  readonly subject: string;
  readonly text: string;
}

/** Words of the e-mail, in both languages: what the invited person reads is not known. */
export function invitationMail({
  inviter,
  project,
  role,
  message,
  link,
  expires_at,
}: {
  readonly inviter: string;
  readonly project: string;
  readonly role: string;
  readonly message: string | null;
  readonly link: string;
  readonly expires_at: string;
}): InvitationMail {
  const until = expires_at.slice(0, 10);
  return {
    subject: `${oneLine(inviter)}: “${oneLine(project)}” · Labelyard`,
    text: [
      `${inviter} invites you to work on “${project}” in Labelyard, as ${role}.`,
      `${inviter} 님이 Labelyard의 “${project}” 프로젝트에 ${ROLE_KO[role] ?? role} 역할로 초대했습니다.`,
      ...(message ? ['', message] : []),
      '',
      link,
      '',
      `The link works until ${until}. If you do not know the sender, ignore this message.`,
      `이 링크는 ${until}까지 유효합니다. 보낸 사람을 모르신다면 이 메일을 무시하세요.`,
      '',
    ].join('\n'),
  };
}

const ROLE_KO: Readonly<Record<string, string>> = {
  owner: '소유자',
  admin: '관리자',
  reviewer: '검수자',
  annotator: '작업자',
  viewer: '뷰어',
};

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
