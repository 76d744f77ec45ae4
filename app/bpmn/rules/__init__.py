"""The rules of BPMN, one file and one function each; a fixture of the same name proves it (`tests/bpmn/rules`).

A rule takes the `Subject` and yields findings; it never stops at the first. Nothing here changes a diagram.
"""

from collections.abc import Callable, Iterator

from app.bpmn.rules.ad_hoc_contents import ad_hoc_contents
from app.bpmn.rules.ambiguous_catches import ambiguous_catches
from app.bpmn.rules.artifacts_in_flow import artifacts_in_flow
from app.bpmn.rules.behavior_events import behavior_events
from app.bpmn.rules.boundary_hosts import boundary_hosts
from app.bpmn.rules.call_activity_data import call_activity_data
from app.bpmn.rules.called_starts import called_starts
from app.bpmn.rules.cancel_events import cancel_events
from app.bpmn.rules.choreographies_in_processes import choreographies_in_processes
from app.bpmn.rules.choreography_closure import choreography_closure
from app.bpmn.rules.choreography_participants import choreography_participants
from app.bpmn.rules.choreography_references import choreography_references
from app.bpmn.rules.compensated_activities import compensated_activities
from app.bpmn.rules.compensation_handlers import compensation_handlers
from app.bpmn.rules.complex_behavior_conditions import complex_behavior_conditions
from app.bpmn.rules.conditional_flows import conditional_flows
from app.bpmn.rules.connected_nodes import connected_nodes
from app.bpmn.rules.correlation_bindings import correlation_bindings
from app.bpmn.rules.data_association_ends import data_association_ends
from app.bpmn.rules.data_association_items import data_association_items
from app.bpmn.rules.data_association_sources import data_association_sources
from app.bpmn.rules.data_collections import data_collections
from app.bpmn.rules.data_object_states import data_object_states
from app.bpmn.rules.data_owners import data_owners
from app.bpmn.rules.data_sets import data_sets
from app.bpmn.rules.data_states import data_states
from app.bpmn.rules.deadlocks import deadlocks
from app.bpmn.rules.default_conditions import default_conditions
from app.bpmn.rules.default_flows import default_flows
from app.bpmn.rules.doubtful_expressions import doubtful_expressions
from app.bpmn.rules.error_codes import error_codes
from app.bpmn.rules.escalation_codes import escalation_codes
from app.bpmn.rules.event_data import event_data
from app.bpmn.rules.event_data_items import event_data_items
from app.bpmn.rules.event_flows import event_flows
from app.bpmn.rules.event_gateways import event_gateways
from app.bpmn.rules.event_markers import event_markers
from app.bpmn.rules.event_names import event_names
from app.bpmn.rules.event_positions import event_positions
from app.bpmn.rules.event_references import event_references
from app.bpmn.rules.event_subprocess_flows import event_subprocess_flows
from app.bpmn.rules.event_subprocess_markers import event_subprocess_markers
from app.bpmn.rules.event_subprocess_starts import event_subprocess_starts
from app.bpmn.rules.expression_bodies import expression_bodies
from app.bpmn.rules.expression_forms import expression_forms
from app.bpmn.rules.expression_languages import expression_languages
from app.bpmn.rules.expressions import expressions
from app.bpmn.rules.extension_points import extension_points
from app.bpmn.rules.flow_boundaries import flow_boundaries
from app.bpmn.rules.gateway_directions import gateway_directions
from app.bpmn.rules.gateway_flows import gateway_flows
from app.bpmn.rules.global_conversations import global_conversations
from app.bpmn.rules.immediate_flows import immediate_flows
from app.bpmn.rules.imports import imports
from app.bpmn.rules.instantiating_receive_tasks import instantiating_receive_tasks
from app.bpmn.rules.interface_binding_data import interface_binding_data
from app.bpmn.rules.interface_bindings import interface_bindings
from app.bpmn.rules.lane_members import lane_members
from app.bpmn.rules.layout import layout
from app.bpmn.rules.link_references import link_references
from app.bpmn.rules.links import links
from app.bpmn.rules.listed_flows import listed_flows
from app.bpmn.rules.loop_data import loop_data
from app.bpmn.rules.mapping_targets import mapping_targets
from app.bpmn.rules.message_events import message_events
from app.bpmn.rules.message_flow_events import message_flow_events
from app.bpmn.rules.message_flow_pools import message_flow_pools
from app.bpmn.rules.message_task_data import message_task_data
from app.bpmn.rules.missing_conditions import missing_conditions
from app.bpmn.rules.missing_defaults import missing_defaults
from app.bpmn.rules.multi_instance_counts import multi_instance_counts
from app.bpmn.rules.nothing_executable import nothing_executable
from app.bpmn.rules.one_loop import one_loop
from app.bpmn.rules.overlapping_conditions import overlapping_conditions
from app.bpmn.rules.participant_multiplicity import participant_multiplicity
from app.bpmn.rules.process_starts import process_starts
from app.bpmn.rules.property_owners import property_owners
from app.bpmn.rules.public_processes import public_processes
from app.bpmn.rules.references import references
from app.bpmn.rules.repeated_children import repeated_children
from app.bpmn.rules.required_attributes import required_attributes
from app.bpmn.rules.required_children import required_children
from app.bpmn.rules.required_ids import required_ids
from app.bpmn.rules.resource_parameters import resource_parameters
from app.bpmn.rules.resource_roles import resource_roles
from app.bpmn.rules.script_formats import script_formats
from app.bpmn.rules.script_languages import script_languages
from app.bpmn.rules.service_task_data import service_task_data
from app.bpmn.rules.shared_event_definitions import shared_event_definitions
from app.bpmn.rules.starts_and_ends import starts_and_ends
from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.rules.subprocess_starts import subprocess_starts
from app.bpmn.rules.text_formats import text_formats
from app.bpmn.rules.timers import timers
from app.bpmn.rules.token_quantities import token_quantities
from app.bpmn.rules.unique_ids import unique_ids
from app.bpmn.rules.unknown_attributes import unknown_attributes
from app.bpmn.rules.unknown_functions import unknown_functions
from app.bpmn.rules.unreachable_elements import unreachable_elements
from app.bpmn.rules.vocabulary import vocabulary
from app.bpmn.rules.zeebe_values import zeebe_values

Rule = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    ad_hoc_contents,
    ambiguous_catches,
    artifacts_in_flow,
    behavior_events,
    boundary_hosts,
    call_activity_data,
    called_starts,
    cancel_events,
    choreographies_in_processes,
    choreography_closure,
    choreography_participants,
    choreography_references,
    compensated_activities,
    compensation_handlers,
    complex_behavior_conditions,
    conditional_flows,
    connected_nodes,
    correlation_bindings,
    data_association_ends,
    data_association_items,
    data_association_sources,
    data_collections,
    data_object_states,
    data_owners,
    data_sets,
    data_states,
    deadlocks,
    default_conditions,
    default_flows,
    doubtful_expressions,
    error_codes,
    escalation_codes,
    event_data,
    event_data_items,
    event_flows,
    event_gateways,
    event_markers,
    event_names,
    event_positions,
    event_references,
    event_subprocess_flows,
    event_subprocess_markers,
    event_subprocess_starts,
    expression_bodies,
    expression_forms,
    expression_languages,
    expressions,
    extension_points,
    flow_boundaries,
    gateway_directions,
    gateway_flows,
    global_conversations,
    immediate_flows,
    imports,
    instantiating_receive_tasks,
    interface_binding_data,
    interface_bindings,
    lane_members,
    layout,
    link_references,
    links,
    listed_flows,
    loop_data,
    mapping_targets,
    message_events,
    message_flow_events,
    message_flow_pools,
    message_task_data,
    missing_conditions,
    missing_defaults,
    multi_instance_counts,
    nothing_executable,
    one_loop,
    overlapping_conditions,
    participant_multiplicity,
    process_starts,
    property_owners,
    public_processes,
    references,
    repeated_children,
    required_attributes,
    required_children,
    required_ids,
    resource_parameters,
    resource_roles,
    script_formats,
    script_languages,
    service_task_data,
    shared_event_definitions,
    starts_and_ends,
    subprocess_starts,
    text_formats,
    timers,
    token_quantities,
    unique_ids,
    unknown_attributes,
    unknown_functions,
    unreachable_elements,
    vocabulary,
    zeebe_values,
)

__all__ = ["RULES", "Finding", "Rule", "Subject"]
