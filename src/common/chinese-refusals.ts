/** Why a request is refused as a whole: the `detail` of a problem. */
export const refusals: Readonly<Record<string, string>> = {
  // Who may, and who has to prove it.
  'Sign in first, and send the token as Authorization: Bearer <token>.': '请先登录。',
  'Your session has ended. Sign in again.': '会话已结束，请重新登录。',
  'The session goes on under another token, or has ended. Sign in again.':
    '会话令牌已更换或者会话已结束，请重新登录。',
  'This is a one-time password. Choose your own with it: POST /auth/login/own-password.':
    '这是一次性密码，请用它设置您自己的密码。',
  'You have chosen your password already. Sign in with it.': '您已设置自己的密码，请用它登录。',
  'The time of this one-time password is over. Ask an administrator for another one.':
    '此一次性密码已过有效期，请向管理员索取新的一次性密码。',
  'The list of passwords that are known from breaches cannot be read, so no password can be set. Tell whoever runs this program.':
    '泄露密码清单无法读取，暂时不能设置密码。请告知系统运行人员。',
  'The user name or the password is wrong.': '用户名或者密码错误。',
  'The ticket was used, is too old or is none. Begin again.': '登录凭据已使用、已过期或者无效，请重新开始。',
  'The second factor is wrong, or was used already.': '第二验证因素有误，或者已使用过。',
  'That is not your present password. It stays as it is.': '这不是您当前的密码，密码未更改。',
  'That is not right. You are still signed in.': '验证未通过，您仍处于登录状态。',
  'Prove it with {0}.': '请用规定的方式验证身份。',
  'Prove again who you are with POST /auth/step-up, then send this once more: your last proof is {0}.':
    '请再次验证身份，然后重新提交。',
  'This wants the signature of an authenticator (WebAuthn), and your account has none. Register one: POST /auth/factors/webauthn/options, then POST /auth/factors/webauthn with what it signed. Then sign in anew, or prove who you are with POST /auth/step-up.':
    '此操作须用安全密钥签名，而您的账户没有。请先登记安全密钥，再重新登录或者验证身份。',
  'A second factor is wanted here, and this session was opened without one. Register one on the page of your account, or with POST /auth/factors/totp or POST /auth/factors/webauthn/options. Then sign in anew, or prove who you are with POST /auth/step-up.':
    '本单位要求使用第二验证因素，而您此次登录没有使用。请先在“账户”页登记，再重新登录或者验证身份。',
  'A second factor is wanted here, and this session was opened without one. Prove who you are with POST /auth/step-up, then send this once more.':
    '本单位要求使用第二验证因素，而您此次登录没有使用。请先验证身份，再重新提交。',
  'A write with the session in a cookie wants the header X-CSRF-Token, with the token that the sign-in and GET /auth/me answer.':
    '请求缺少防伪令牌，请重新载入页面。',
  'The provider to sign in at does not answer. Try later.': '统一身份认证没有响应，请稍后再试。',
  'Your roles do not allow you to {0} this {1}.': '您的角色不允许此操作。',
  'Your roles do not allow you to review how others read.': '您的角色不允许审查他人的查阅情况。',
  'Your roles do not allow you to review reads.': '您的角色不允许审查查阅记录。',
  'Your roles do not allow you to read users.': '您的角色不允许查看账户。',
  'Your roles do not allow you to count cases.': '您的角色不允许统计案件。',
  'Your roles do not allow you to count broken glass.': '您的角色不允许统计紧急查阅。',
  'Your roles do not allow you to import.': '您的角色不允许导入。',
  'There is no such {0}, or you may not see it.': '不存在，或者您无权查看。',
  'There is no such route.': '没有这个接口。',
  'Nobody reads or handles a case that they are in conflict with.':
    '与案件有利害关系的，不得查阅或者办理该案件。',
  'Nobody oversees who read a case that they are in conflict with themselves.':
    '本人与案件有利害关系的，不得监督谁查阅过该案件。',
  'Whoever broke the glass neither approves nor reviews it.': '紧急查阅人不得自行批准或者复核。',
  'Nobody is told of a case that they are in conflict with.': '与案件有利害关系的，不得获知该案件。',
  'Whoever asked for police does not decide on it, by whatever account.':
    '申请用警的人不得以任何账户决定该申请。',
  'You declared a conflict of interest with this request; somebody else decides.':
    '您已声明与此申请有利害关系，由他人决定。',
  'Who gave an order does not read what officers object to it (警察法 33).':
    '下达命令的人不得查看民警对该命令的异议（警察法 33）。',

  // What the request is made of.
  'The request has fields that cannot be accepted.': '有些内容不能按现状提交。',
  'The request cannot be accepted as it is.': '请求不能按现状接受。',
  'The upload is too large.': '上传内容过大。',
  'Too many requests. Wait a moment.': '请求过多，请稍候。',
  'Too many {0}. Try again in {1} s.': '次数过多，请在{1}秒后重试。',
  'The database does not answer. Try again later.': '数据库没有响应，请稍后再试。',
  'The address has a percent sign that begins no character.': '地址中有不能识别的百分号。',
  'The body is not JSON{0}.': '请求内容的格式有误。',
  'The body is larger than 1 MB.': '请求内容超过1兆字节。',
  'The body has an encoding other than UTF-8.': '请求内容的编码有误。',
  'The body has a charset other than UTF-8.': '请求内容的字符集有误。',
  'The body could not be read.': '请求内容无法读取。',
  'The body is not UTF-8. Send JSON encoded as UTF-8.': '请求内容的编码有误。',
  'Send the body as application/json.': '请求内容的类型有误。',
  'Send the files as multipart/form-data.': '文件的上传方式有误。',
  'The form could not be read to its end. Send it again.': '表单未能完整读取，请重新发送。',
  'The files together are larger than {0} MB. Use the command line, which has no limit.':
    '文件合计超过{0}兆字节。请使用没有限制的命令行。',
  'The mapping is larger than 1 MB.': '映射文件超过1兆字节。',
  'Send the version that you read, as the header If-Match: "<version>".':
    '请求未说明所依据的版本，请重新载入页面。',
  'It has changed since you read it. Read it again, then decide.':
    '您读取之后内容已被修改。请重新读取后再决定。',
  'The same Idempotency-Key was used a moment ago. Send the request again.':
    '相同的请求刚刚提交过，请重新提交。',
  'This Idempotency-Key was used for another request. Take a new key.':
    '请求标识已用于另一请求，请重新提交。',
  'The trail cannot be written at the moment, so nothing may leave. Try again later.':
    '审计记录暂时无法写入，因此不能输出任何内容。请稍后再试。',
  'Something went wrong here. Give this number to your administrator.':
    '系统出现错误。请将此编号告知管理员。',
  'The data of a person concerned were erased; nothing about them is recorded any more.':
    '有关人员的数据已删除，不再记录其任何内容。',
  "The key of {0} was changed behind the program or is of other keys than this installation's, so nothing can be recorded. Your administrator has to restore it from a backup.":
    '密钥在系统之外被更改，或者不属于本系统，因此无法记录。须由管理员从备份恢复。',

  'Others write to the same records at this moment. Send the request again.':
    '其他人正在写入相同的记录，请重新提交。',

  // Accounts, officers, organs.
  'This account holds a role in an organ that you do not administer.': '该账户在不由您管理的单位具有角色。',
  'This account has no second factor.': '该账户没有第二验证因素。',
  'It is confirmed already.': '已经确认。',
  'Whoever proposed it cannot confirm it. Ask another administrator.':
    '提出人不得自行确认，请由另一管理员确认。',
  'Nobody resets their own second factors. Remove them with DELETE /auth/factors/{id}.':
    '不得重置自己的第二验证因素，请在账户页面移除。',
  'This reset is {0} already.': '此次重置已经办结。',
  'A reset of this account is under way already.': '该账户的重置已在进行中。',
  'An account has {0} second factors at most. Remove one first.':
    '一个账户最多{0}个第二验证因素，请先移除一个。',
  'This authenticator is enrolled already. Take another one.': '该验证器已登记，请换用另一个。',
  'Nobody can disable their own account.': '不得停用自己的账户。',
  'Nobody can change which officer they are: the rules on their own cases hang on it.':
    '不得更改自己对应的民警：回避规则以此为据。',
  'Nobody says themselves who they are elsewhere. Ask another administrator.':
    '不得自行填写自己的认证身份，请由另一管理员办理。',
  'Nobody grants a role to themselves. Ask another administrator.':
    '不得给自己授予角色，请由另一管理员办理。',
  'The grant is revoked already.': '该授权已撤销。',
  'The account holds this role in this organ during that time already.':
    '该账户在此期间已在该单位具有此角色。',
  'Another account is this person at the provider already.': '已有其他账户对应此认证身份。',
  'Another account has this user name already.': '已有其他账户使用此用户名。',
  'The appointment ends on {0} already. Its end can only come earlier.': '任职已定于{0}结束，只能提前。',
  'The officer holds this post in this organ during that time already.': '该民警在此期间已在该单位任此职务。',
  'Another officer has this badge number already.': '已有其他民警使用此警号。',
  'Another organ has this code already.': '已有其他单位使用此代码。',
  'Only a job that failed and waits for its time can be begun at once.':
    '只有失败并等待重试的任务可以立即开始。',

  // Who looked.
  'You have said why already.': '您已说明理由。',
  'The alert is closed already.': '该警示已关闭。',
  'The question is judged already.': '该询问已评定。',
  'The reader still has time to answer.': '查阅人的答复期限尚未届满。',
  'You may read this case as it is.': '您本来就可以查阅此案件。',
  'Whoever broke the glass cannot approve it. Ask another person.': '紧急查阅人不得自行批准，请由他人批准。',
  'It opened nothing: {0}.': '未开启任何内容。',
  'A second person approved it already.': '已由第二人批准。',
  'It was reviewed already: {0}.': '已经复核。',
  'It is open until {0}. Review it then.': '开启至{0}，届时再复核。',
  'You broke a glass more than 72 hours ago, and nobody has reviewed it. Ask an auditor or the head to do so first.':
    '您72小时前的紧急查阅尚未复核。请先由审计员或者负责人复核。',
  'You broke it already, until {0}.': '您已开启紧急查阅，至{0}。',
  'It is over since {0}.': '已于{0}结束。',
  'You have a part in it. Somebody who has none reviews it.': '您与此有关，由无关的人复核。',

  // The trail and exports.
  'Setting this entry aside is proposed already.': '搁置此条记录已有人提出。',
  'Nobody has proposed to set this entry aside.': '尚无人提出搁置此条记录。',
  'This restart is confirmed already.': '此次重启已经确认。',
  'Whoever proposed the restart cannot confirm it.': '提出重启的人不得自行确认。',
  'This quarantine has ended.': '此次隔离已结束。',
  'There is no policy or no checkpoint to verify the trail against.': '没有可供核验审计链的策略或者检查点。',
  'The trail is being verified already. Wait until that has ended.': '审计链正在核验，请待其结束。',
  'There is no policy or no checkpoint to verify the stream against.':
    '没有可供核验该记录流的策略或者检查点。',
  'The export is {0}. It can be downloaded when it is DONE.': '导出尚未完成，完成后可以下载。',
  'The file was kept for seven days and is deleted. Ask for a new export.':
    '文件保存七天后已删除，请重新导出。',
  'This erasure is {0} already.': '此次删除已经办结。',
  'Whoever proposed the erasure cannot decide on it.': '提出删除的人不得自行决定。',
  'The data of a case that is {0} are needed as evidence. Close it first.':
    '案件尚未办结，其数据须作为证据保留。请先结案。',

  // Reporters.
  'The reporter is named openly in the file of the case.': '案卷中已公开反映人姓名。',
  'This request is {0}.': '此申请当前不能如此办理。',
  'This request is {0} already.': '此申请已经办结。',
  'This request is {0}, not released.': '此申请尚未准予披露。',
  'Who investigates the case does not decide who may know the reporter.':
    '案件调查人员不得决定谁可以知悉反映人。',
  'Your request in this case waits for the custodian already.': '您在此案中的申请已在等待保管人决定。',
  'The reporter has a receipt already.': '反映人已有回执。',
  'The custodian has your name already.': '保管人已有您的姓名。',
  'The reporter has no receipt and could not read it.': '反映人没有回执，无法阅读。',
  'There is no receipt with this code. Look at the digits again.': '没有此编码的回执，请核对数字。',

  // Cases.
  'The allegations of a case that is {0} are no longer changed.': '案件在当前状态下不再更改线索。',
  'A case that is {0} cannot go through {1}.': '案件在当前状态下不能进行此步骤。',
  'You read this case by breaking the glass: to read it, and no more.':
    '您是通过紧急查阅查看此案，仅可查阅。',
  'You have acted in this case before ({0}). Who investigates, who approves, who reviews and who decides are different persons.':
    '您已参与此案。调查、审批、审核、决定须由不同的人承担。',
  'A case that is {0} takes no {1} finding.': '案件在当前状态下不接受此类认定。',
  'A legal opinion, and for each allegation a finding with which it can end here, come first.':
    '须先有法制审核意见，且每项线索均有可以据此办结的认定。',
  'The report lacks what the law demands. Complete the allegations first.':
    '报告缺少法律要求的内容，请先补全线索。',
  'At least {0} investigators have to be assigned first ({1}).': '须先指派至少{0}名调查人员（{1}）。',
  'This is for the lead investigator of the case.': '此事由案件主办人办理。',
  'Nobody assigns a case to themselves.': '不得将案件指派给自己。',
  'This investigator has the case already.': '该调查人员已承办此案。',
  'The case has a lead already. Withdraw that assignment first.': '案件已有主办人，请先撤回该指派。',
  'This person has to keep away: {0}.': '此人须回避。',
  'This person has acted in the case before ({0}).': '此人已参与此案。',
  'Nobody is assigned to a case that is {0}.': '案件在当前状态下不指派人员。',
  'This person keeps away from the case already.': '此人已回避此案。',
  'This recusal was lifted already.': '该回避已解除。',
  'Nobody decides on their own recusal.': '不得决定自己的回避。',
  'This officer is a witness of the case already.': '该民警已是本案证人。',
  'No sanction was proposed. Propose one, or decide EXEMPT, WITHDRAWN or REFER.':
    '尚未提出处分建议。请提出，或者决定免予处分、撤销案件或者移送。',
  'Record the final finding of every allegation first.': '请先记录每项线索的最终认定。',
  'A sanction of this case is decided; the decision cannot be {0}.': '本案已决定处分，不能作出此决定。',
  'A sanction is decided only where the final finding says substantiated, at least in part. Refuse this one.':
    '只有最终认定属实或者部分属实的，才能决定处分。此项请不予采纳。',
  'A sanction that is {0} cannot become {1}.': '处分在当前状态下不能如此变更。',
  'In a case that is {0} no sanction is {1}.': '案件在当前状态下不能对处分进行此操作。',

  'A case that is {0} takes no urgent measures.': '案件在当前状态下不采取紧急措施。',
  'This measure is recorded as done already.': '该措施已记录为完成。',

  // Requests for police.
  'Only approvers of requests for police make deputies.': '只有用警审批人可以委托代行人。',
  'A request that is {0} takes no more files.': '申请在当前状态下不再接受附件。',
  'A request has at most {0} files.': '一件申请最多{0}个附件。',
  'You are the deputy of somebody who may not decide on this request themselves.':
    '您所代行的人本身不得决定此申请。',
  'It was refused by your own organ: only one above it looks at it again (警察法 43).':
    '本单位已不予批准，只能由上级复核（警察法 43）。',
  'This request is decided at level {0}; your grants as approver do not reach so high here.':
    '此申请由{0}级决定，您的审批权限不及。',
  'The highest organ refused it; there is none above it to ask.': '已由最高机关不予批准，没有上级可供复核。',
  'You gave the opinion of the legal section on it; somebody else decides.': '您已出具法制意见，由他人决定。',
  'You have signed it. From level L2 on another person signs as well.': '您已签署。L2级以上须另一人签署。',
  'A deputy and whoever made them one are one signature.': '代行人与委托人视为同一签署人。',
  'The first signature is under {0}; sign the same, or refuse, or return it.':
    '第一签署与此不同；请作相同签署，或者不予批准、退回。',
  'The legal section has to give its opinion first (POST /deployments/{id}/assess).':
    '须先由法制部门出具意见。',
  'This delegation was revoked already.': '此项代行已撤销。',
  'You need a grant of your own as approver in this very organ for all of these days; what was delegated is not delegated again.':
    '您须在这些日期内在该单位有本人的审批权限；代行权限不得再委托。',
  'A request that is {0}{1} cannot go through {2}.': '申请在当前状态下不能进行此步骤。',
  'It was not ordered by word of mouth.': '并非口头命令。',
  'The paper to it was recorded already.': '书面文件已登记。',
  'You signed it as an approver; somebody else gives the opinion.': '您已作为审批人签署，由他人出具意见。',
  'You stepped aside already.': '您已回避。',
  'Nobody refused it.': '尚无人不予批准。',
  'A request that is {0} has no refusal to print.': '申请在当前状态下没有可打印的不予批准决定。',
  'A request that is {0} is not changed any more.': '申请在当前状态下不再更改。',
  'It is approved for {0} officers. Ask anew for more.': '批准警力为{0}名，增派须另行申请。',

  // Imports.
  'Another import of {0} is under way. Begin this one again when it has ended.':
    '同一来源的另一次导入正在进行，请待其结束后重新开始。',
  'The account that asked for it is disabled.': '提出导入的账户已停用。',
  'There are several organs at the top ({0}). Say which organ receives the cases.':
    '有多个顶层单位，请指明由哪个单位接收案件。',
  'The mapping {0} cannot be used.': '该映射文件不能使用。',
  'The pattern {0} of the mapping takes too long. Write it with fewer repetitions (*, +).':
    '映射文件中的一个模式耗时过长，请减少重复。',
};
