"""The CRM: who a customer is."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.handlers import ActionContext, action
from tasks._http import call


class CustomerRequest(BaseModel):
    customer_id: str = Field(min_length=1, description="The customer's number in the CRM.")


class CustomerRecord(BaseModel):
    customer_id: str
    name: str
    email: str
    tier: str = Field(description="The customer's tier, as the CRM keeps it.")
    refunds_last_year: int = Field(description="How many refunds the customer got in the last twelve months.")


class Customer(CustomerRecord):
    read_at: datetime = Field(description="When this was read.")


@action("crm.fetch-customer", system="crm", effect="read", timeout_seconds=15)
def fetch_customer(request: CustomerRequest, context: ActionContext) -> Customer:
    """Fetch a customer.

    Reads name, address, tier and history of a customer from the CRM.
    """
    record = call(context, "GET", "crm", "customers", request.customer_id, answer=CustomerRecord, field="customer_id")
    return Customer(**record.model_dump(), read_at=context.started_at)
