"""What the designer refuses."""

from __future__ import annotations

from common.errors import Conflict, Invalid, Transient


class WrongEncoding(Invalid):
    """A model that came as text declares that it is not UTF-8."""

    code = "designer.wrong_encoding"
    title = "The model came as UTF-8 and declares {encoding}. Save it again as UTF-8."


class ModelTooBig(Invalid):
    """The file is larger than any diagram a person reads."""

    code = "designer.model_too_big"
    title = "This file is larger than {limit} MB. Split the process, or remove embedded pictures."
    status = 413


class NoFile(Invalid):
    """An import without a file."""

    code = "designer.no_file"
    title = "There is no file. Choose one, then import it."


class BadFileName(Invalid):
    """No name that a file beside a model can be kept, linked and downloaded under."""

    code = "designer.bad_file_name"
    title = (
        "A file cannot be called {name}. Use up to {limit} letters, digits, `-`, `_` and `.`, "
        "ending in .dmn for a decision and in .form for a form."
    )


class TooManyFiles(Conflict):
    """A draft carries a few files, not a library."""

    code = "designer.too_many_files"
    title = "The draft has {limit} files already. Remove one, or merge some of them."


class FileNameTaken(Conflict):
    """The draft has another file of this name."""

    code = "designer.file_name_taken"
    title = "The draft has a file called {name} already. Choose another name, or open that one."


class KeyTaken(Conflict):
    """Another process of the unit has this key."""

    code = "designer.key_taken"
    title = "There is a process with the key {key} already. Choose another key, or open that one."


class KeyReserved(Invalid):
    """The key is an address of the product's own."""

    code = "designer.key_reserved"
    title = "The key {key} is kept for a page of the product. Choose another key."


class NameTaken(Conflict):
    """Another process of the unit has this name."""

    code = "designer.name_taken"
    title = "There is a process called {name} already. Choose another name, or open that one."


class UnknownChoice(Invalid):
    """A person, team, board or class that this unit does not have."""

    code = "designer.unknown_choice"
    title = "This unit has no such {what}. Choose one from the list."


class SameOwner(Invalid):
    """Owner and backup owner are one person."""

    code = "designer.same_owner"
    title = "{name} is the owner already. Choose somebody else as backup owner."


class QuestionUnreadable(Invalid):
    """What a decision is asked with is no value of FEEL."""

    code = "designer.question_unreadable"
    title = "An input cannot be read: {reason}. Correct it, then try again."


class DraftChanged(Conflict):
    """Somebody saved the draft since this edit began."""

    code = "designer.draft_changed"
    title = "{who} saved this draft meanwhile. Compare both, then keep one."
    status = 412
    members = ("who", "at", "revision")


class StateGone(Conflict):
    """The state that an edit began from is not kept any more: nobody can tell what was edited."""

    code = "designer.state_gone"
    title = (
        "The state that these edits began from is older than 30 days and not kept any more. "
        "Download your edits, then keep yours or take the draft as it is."
    )
    members = ("revision",)


class DraftClosed(Conflict):
    """The draft became a version and is edited no more."""

    code = "designer.draft_closed"
    title = "This draft was published as version {number}. Start a new draft from it."


class AlreadyInReview(Conflict):
    """The draft has a review under way, or an approval that nobody has used."""

    code = "designer.already_in_review"
    title = "This draft is in review as {key}. Withdraw that review, or wait for its outcome."


class ModelHasErrors(Invalid):
    """The draft could not run as it is."""

    code = "designer.model_has_errors"
    title = "The draft was not sent for review: {count} errors block it. Mend them, then ask again."


class NothingChanged(Conflict):
    """The draft equals the version it would replace."""

    code = "designer.nothing_changed"
    title = "Nothing differs from version {number}. Change the draft, then ask for review."


class BoardTooSmall(Conflict):
    """Rule 1 leaves too few who may judge."""

    code = "designer.board_too_small"
    title = (
        "The board {board} needs {quorum} approvals and only {able} of its members may judge this. "
        "Ask an admin to add a reviewer who did not work on it."
    )


class ReviewClosed(Conflict):
    """The review has its outcome."""

    code = "designer.review_closed"
    title = "{key} is closed: {outcome}. Nothing was changed."


class AlreadyVoted(Conflict):
    """Each person has one vote, under however many accounts."""

    code = "designer.already_voted"
    title = "You have voted on {key} already. Each person has one vote."


class ContentChanged(Conflict):
    """What was shown is not what is judged any more."""

    code = "designer.content_changed"
    title = "Your answer was not counted: {cause} Look at what changed, then decide again."


class NotApproved(Conflict):
    """The board has not approved this candidate."""

    code = "designer.not_approved"
    title = "{key} is not approved: {missing} more approvals are needed before it can be published."


class EmptyComment(Invalid):
    """A comment without words."""

    code = "designer.empty_comment"
    title = "Write what you want to say, in up to {longest} characters."


class UnsafeComment(Invalid):
    """A comment with characters that nobody sees, or that turn the rest around."""

    code = "designer.unsafe_comment"
    title = "The comment holds characters that are not seen. Type it anew as plain text."


class ElementUnknown(Invalid):
    """A comment on an element that the diagram does not have."""

    code = "designer.element_unknown"
    title = (
        "What is saved has no element {element}. Save the draft, or choose another element, "
        "then send the comment again."
    )


class UnknownMention(Invalid):
    """Somebody named in a comment who may not see the process, or whom the text does not name."""

    code = "designer.unknown_mention"
    title = (
        "The comment names somebody who cannot see this process, or does not say their name. "
        "Choose people from the list that @ opens."
    )


class TooManyComments(Transient):
    """More comments of one person in a minute than anybody types."""

    code = "designer.too_many_comments"
    title = "You sent {limit} comments within a minute. Wait a minute, then send this one again."
    status = 429


class ThreadFull(Conflict):
    """A conversation that nobody can read any more."""

    code = "designer.thread_full"
    title = "This thread has {limit} comments already. Resolve it, and begin a new one."


class TooManyThreads(Conflict):
    """More open threads on one process than anybody answers."""

    code = "designer.too_many_threads"
    title = "This process has {limit} open comments already. Resolve some, then send yours again."


class TemplateVersionTaken(Conflict):
    """A version of a step template is never changed; what is new needs a higher number."""

    code = "designer.template_version_taken"
    title = (
        "The catalogue has version {latest} of “{name}” already. Give the new one a higher version."
    )


class TemplateReserved(Invalid):
    """Ids of the steps that come with the product."""

    code = "designer.template_reserved"
    title = "Ids that begin with {prefix} are those of the product. Give the template another id."


class TooManyTemplates(Conflict):
    """A catalogue is made for people to choose from."""

    code = "designer.too_many_templates"
    title = "The catalogue has {limit} step templates of its own already. Retiring makes no room."


class TemplateRetired(Conflict):
    """The template is retired already, or is not."""

    code = "designer.template_retired"
    title = "“{name}” is {state} already. Nothing was changed."


class RetirementWithoutReason(Invalid):
    """Whoever has the step in their process reads why it may not be used any more."""

    code = "designer.retirement_without_reason"
    title = "Say why the step is retired: whoever uses it reads that. Up to {longest} characters."


class RuleOutOfRange(Invalid):
    """A weight, a limit or a scope that a rule cannot have."""

    code = "designer.rule_out_of_range"
    title = "The rule was not set: {what}."


class RulesBlock(Conflict):
    """A rule that blocks finds something in what was approved."""

    code = "designer.rules_block"
    title = (
        "{key} was not published: {first} Mend it in a new draft, or ask an admin about the rule."
    )


class ScenarioTooLarge(Invalid):
    """Samples are for looking at, not for loads."""

    code = "designer.scenario_too_large"
    title = "The scenario is larger than {limit} kB. Shorten its samples."


class TooManyScenarios(Conflict):
    """All of them are played before each review."""

    code = "designer.too_many_scenarios"
    title = "The process has {limit} scenarios already. Remove one that is no longer needed."


class ScenariosFail(Conflict):
    """A process of high risk is judged only when its scenarios go as expected."""

    code = "designer.scenarios_fail"
    title = (
        "{failed} of {count} scenarios do not go as expected, and this process is of high risk: "
        "{first} Mend the draft, or save the scenario again as it should go now."
    )
